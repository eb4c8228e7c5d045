using Microsoft.ML.Dmcp.Estimators.MLNet;
using Mono.Cecil;

namespace Microsoft.ML.Dmcp.Tests.Api;

/// <summary>Keeps the uses of what ML.NET keeps internal where they are documented: read from the code of the compiled product.</summary>
public sealed class InternalsTests : IDisposable
{
    private readonly DefaultAssemblyResolver _references = new();
    private readonly ModuleDefinition _product;

    public InternalsTests()
    {
        var product = typeof(MLNetInternals).Assembly.Location;
        _references.AddSearchDirectory(Path.GetDirectoryName(product));
        _product = ModuleDefinition.ReadModule(product, new ReaderParameters { AssemblyResolver = _references });
    }

    public void Dispose()
    {
        _product.Dispose();
        _references.Dispose();
    }

    [Fact]
    public void No_code_of_the_product_but_the_documented_way_in_calls_what_MLNET_keeps_internal()
    {
        var uses = Uses(CodeReferences.Members).ToLookup(use => use.Type == nameof(MLNetInternals), use => use.Member);
        // A method and a type: each kind could be overlooked by itself.
        Assert.Contains(uses[true], member => member.Contains("SchemaShape::Create", StringComparison.Ordinal));
        Assert.Contains("Microsoft.ML.Data.IInternalCatalog", uses[true]);
        Assert.Empty(uses[false]);
    }

    [Fact]
    public void Elsewhere_the_product_only_implements_what_MLNET_calls_with_internal_types()
    {
        var types = Uses(CodeReferences.Types).Where(use => use.Type != nameof(MLNetInternals)).Select(use => use.Member);
        // What models are loaded with, the header of model files, and what ML.NET's converter to ONNX asks of a view.
        string[] expected =
        [
            "Microsoft.ML.Data.IDataTransform",
            "Microsoft.ML.Model.OnnxConverter.ICanSaveOnnx",
            "Microsoft.ML.Model.OnnxConverter.ISaveAsOnnx",
            "Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx",
            "Microsoft.ML.Model.OnnxConverter.OnnxContext",
            "Microsoft.ML.ModelLoadContext",
            "Microsoft.ML.VersionInfo",
        ];
        Assert.Equal(expected, types.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Types_that_MLNET_keeps_internal_stand_in_no_public_signature()
    {
        var named = from type in _product.GetTypes()
                    where IsVisible(type)
                    from method in type.Methods
                    where method.IsPublic
                    from parameter in method.Parameters
                    select parameter.ParameterType;
        Assert.Contains(named, type => type.Name == nameof(DataViewSchema));
        Assert.DoesNotContain(named, IsInternalToMLNet);
    }

    private IEnumerable<(string Type, string Member)> Uses(Func<TypeDefinition, IEnumerable<MemberReference>> references) =>
        from type in _product.GetTypes()
        from member in references(type)
        where IsInternalToMLNet(member)
        select (CodeReferences.Outer(type), member.FullName);

    private static bool IsInternalToMLNet(MemberReference member)
    {
        var assembly = (member as TypeReference ?? member.DeclaringType).Scope.Name;
        return assembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
            && !assembly.StartsWith("Microsoft.ML.Dmcp", StringComparison.Ordinal)
            && !IsVisible(member.Resolve());
    }

    private static bool IsVisible(IMemberDefinition member) => (member.DeclaringType is not { } outer || IsVisible(outer)) && member switch
    {
        TypeDefinition type => type.IsPublic || type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly,
        MethodDefinition method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldDefinition field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => throw new NotSupportedException(member.FullName),
    };
}
