namespace Microsoft.ML.Dmcp.Tests.Api;

public class PublicApiTests
{
    [Fact]
    public Task The_public_surface_changes_only_when_someone_approves_it() =>
        Verifier.Verify(PublicApi.Of(typeof(DmcpCatalog).Assembly), "txt").UseDirectory("../Snapshots");
}
