using Microsoft.ML.Dmcp.Tests.Package;
using Mono.Cecil;

namespace Microsoft.ML.Dmcp.Tests.Api;

/// <summary>
/// The rooms of the product lie on top of each other: code uses what is in its own room and below. Read from the compiled product.
/// </summary>
public sealed class RoomOrderTests : IDisposable
{
    // From top to bottom; the catalog's extension methods stand above them all.
    private static readonly string[] Rooms =
        ["Catalog", "Estimators", "Search", "Training", "Data", "Channels", "Budgets", "Networks", "Runs"];

    // A method knows the seam and itself.
    private static readonly string[] Methods = ["Dmcp", "Dais", "Slimmable", "Filters", "Uniform"];

    private readonly AssemblyDefinition _product = AssemblyDefinition.ReadAssembly(typeof(DmcpCatalog).Assembly.Location);
    private readonly Dictionary<string, string[]> _folders = Folders();

    public void Dispose() => _product.Dispose();

    [Fact]
    public void No_room_uses_one_above_it()
    {
        var seen = new HashSet<(string, string)>();
        var upward = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (from, to) in Uses())
        {
            seen.Add((Room(from), Room(to)));
            if (Array.IndexOf(Rooms, Room(to)) < Array.IndexOf(Rooms, Room(from)))
                upward.Add($"{Place(from)} uses {Place(to)}");
        }
        Assert.Contains(("Catalog", "Estimators"), seen);
        Assert.Contains(("Training", "Data"), seen);
        Assert.Empty(upward);
    }

    [Fact]
    public void Users_find_all_that_they_name_in_one_namespace_and_developers_the_rest_in_that_of_its_folder()
    {
        var wrong = new List<string>();
        foreach (var type in _product.MainModule.Types.Where(t => t.Namespace.StartsWith("Microsoft.ML", StringComparison.Ordinal)))
        {
            if (!_folders.TryGetValue(type.Name, out var folder))
            {
                wrong.Add($"{type.FullName} has no file of its name");
                continue;
            }
            var expected = type.Name == nameof(DmcpCatalog) ? "Microsoft.ML"
                : type.IsPublic || folder is ["Catalog"] ? "Microsoft.ML.Dmcp"
                : $"Microsoft.ML.Dmcp.{string.Join('.', folder)}";
            if (type.Namespace != expected)
                wrong.Add($"{Place(type.Name)} is in {type.Namespace}, not in {expected}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_search_method_uses_another()
    {
        var across = Uses()
            .Where(use => Method(use.From) is { } from && Method(use.To) is { } to && from != to)
            .Select(use => $"{Place(use.From)} uses {Place(use.To)}");
        Assert.Empty(across.Distinct().Order(StringComparer.Ordinal));
        var found = _folders.Keys.Select(Method).OfType<string>().Distinct();
        Assert.Equal(Methods.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_the_estimators_and_what_reads_their_rows_know_MLNET()
    {
        var others = Parts().Where(t => _folders.ContainsKey(t.Name) && Room(t.Name) is not ("Catalog" or "Estimators" or "Data"))
            .SelectMany(t => CodeReferences.Types(t.Type).Where(IsOfMLNet).Select(r => $"{Place(t.Name)} uses {r.FullName}"));
        Assert.Empty(others.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Where the file of every type lies; a file is named for its type.</summary>
    private static Dictionary<string, string[]> Folders()
    {
        var folders = new Dictionary<string, string[]>();
        foreach (var file in Directory.EnumerateFiles(Repository.Product, "*.cs", SearchOption.AllDirectories))
        {
            var parts = Path.GetRelativePath(Repository.Product, file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is "obj" or "bin" or "buildTransitive")
                continue;
            var name = Path.GetFileNameWithoutExtension(file).Replace("{T}", "`1", StringComparison.Ordinal);
            folders.Add(name, parts.Length == 1 ? ["Catalog"] : parts[..^1]);
        }
        return folders;
    }

    private string Room(string type) => _folders[type][0];

    private string? Method(string type) => _folders[type] is ["Search", var method, ..] ? method : null;

    private string Place(string type) => string.Join('/', [.. _folders[type], type]);

    private IEnumerable<(string From, string To)> Uses() =>
        from part in Parts()
        from reference in CodeReferences.Types(part.Type)
        let to = CodeReferences.Outer(reference)
        where reference.Scope == _product.MainModule && _folders.ContainsKey(part.Name) && _folders.ContainsKey(to)
        select (part.Name, to);

    /// <summary>All types, nested ones too, each with the name of the outermost one, for which its file is named.</summary>
    private IEnumerable<(string Name, TypeDefinition Type)> Parts() =>
        _product.MainModule.GetTypes().Select(type => (CodeReferences.Outer(type), type));

    private static bool IsOfMLNet(TypeReference type) =>
        type.Scope.Name.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
        && !type.Scope.Name.StartsWith("Microsoft.ML.Dmcp", StringComparison.Ordinal);
}
