using PublicApiGenerator;

namespace Microsoft.ML.Dmcp.Tests.Api;

public class PublicApiTests
{
    // By default it leaves out all that begins with Microsoft.
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };

    [Fact]
    public Task The_public_surface_changes_only_when_someone_approves_it() =>
        Verifier.Verify(typeof(DmcpCatalog).Assembly.GeneratePublicApi(Options), "txt").UseDirectory("../Snapshots");

    [Fact]
    public Task The_public_surface_of_the_package_for_other_runtimes_changes_only_when_someone_approves_it() =>
        Verifier.Verify(typeof(DmcpInteropCatalog).Assembly.GeneratePublicApi(Options), "txt").UseDirectory("../Snapshots");

    [Fact]
    public Task The_public_surface_of_the_package_for_reports_changes_only_when_someone_approves_it() =>
        Verifier.Verify(typeof(PruningReport).Assembly.GeneratePublicApi(Options), "txt").UseDirectory("../Snapshots");

    [Fact]
    public Task The_public_surface_of_the_package_for_several_ranks_changes_only_when_someone_approves_it() =>
        Verifier.Verify(typeof(MpiCommunicator).Assembly.GeneratePublicApi(Options), "txt").UseDirectory("../Snapshots");

    [Fact]
    public Task The_public_surface_of_the_package_for_experiments_changes_only_when_someone_approves_it() =>
        Verifier.Verify(typeof(DmcpAutoMLCatalog).Assembly.GeneratePublicApi(Options), "txt").UseDirectory("../Snapshots");
}
