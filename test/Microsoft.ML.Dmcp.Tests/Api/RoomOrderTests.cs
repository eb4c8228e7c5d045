using Microsoft.ML.Dmcp.Tests.Package;
using Mono.Cecil;
using Mono.Cecil.Cil;

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
    public void No_search_method_uses_another()
    {
        var across = Uses()
            .Where(u => Method(u.From) is { } from && Method(u.To) is { } to && from != to)
            .Select(u => $"{Place(u.From)} uses {Place(u.To)}")
            .Distinct();
        Assert.Empty(across.Order(StringComparer.Ordinal));
        var methods = _folders.Keys.Select(Method).OfType<string>().Distinct();
        Assert.Equal(Methods.Order(StringComparer.Ordinal), methods.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_the_estimators_and_what_reads_their_rows_know_MLNET()
    {
        var others = Modules().Where(t => _folders.ContainsKey(t.Name) && Room(t.Name) is not ("Catalog" or "Estimators" or "Data"))
            .SelectMany(t => References(t.Type).Where(IsOfMLNet).Select(r => $"{Place(t.Name)} uses {r.FullName}"));
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
        from part in Modules()
        from reference in References(part.Type)
        let to = Outer(reference)
        where _folders.ContainsKey(part.Name) && _folders.ContainsKey(to) && reference.Scope == _product.MainModule
        select (part.Name, to);

    /// <summary>All types, nested ones too, each with the name of the outermost one, for which its file is named.</summary>
    private IEnumerable<(string Name, TypeDefinition Type)> Modules() => _product.MainModule.GetTypes().Select(type => (Outer(type), type));

    private static string Outer(TypeReference type) => type.DeclaringType is { } outer ? Outer(outer) : type.GetElementType().Name;

    private static bool IsOfMLNet(TypeReference type) =>
        type.Scope.Name.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
        && type.Scope.Name is not ("Microsoft.ML.Dmcp" or "Microsoft.ML.Dmcp.dll");

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        var all = new List<TypeReference?> { type.BaseType };
        all.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        all.AddRange(type.Fields.Select(f => f.FieldType));
        foreach (var method in type.Methods)
        {
            all.Add(method.ReturnType);
            all.AddRange(method.Parameters.Select(p => p.ParameterType));
            if (!method.HasBody)
                continue;
            all.AddRange(method.Body.Variables.Select(v => v.VariableType));
            foreach (var instruction in method.Body.Instructions)
                all.AddRange(Named(instruction));
        }
        return all.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference?> Named(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method =>
        [
            method.DeclaringType,
            method.ReturnType,
            .. method.GenericArguments,
            .. method.Parameters.Select(p => p.ParameterType),
        ],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)],
        _ => [],
    };

    /// <summary>A type with those it is made of: elements of arrays, arguments of generic types.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification special => Parts(special.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
