using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>The graph that ML.NET's converter writes a pipeline to.</summary>
/// <param name="context">The converter's, of a pipeline whose transforms before have written their nodes.</param>
/// <param name="transformer">Name of the transformer that writes, for messages and before the names of values.</param>
internal sealed class OnnxContextGraph(OnnxContext context, string transformer) : IOnnxGraph
{
    /// <summary>The only version that ML.NET's converter has in common with the operators that are written.</summary>
    public const int Opset = 12;

    /// <summary>Checks that the converter writes operators of <see cref="Opset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It was told to write older ones.</exception>
    public void RequireOpset() => MLNetInternals.RequireOnnxOpset(context, Opset, transformer);

    /// <summary>The value of a column, [N, …]; null where a transform before could not be converted.</summary>
    public string? Find(string column) => MLNetInternals.FindOnnxValue(context, column);

    /// <summary>Makes a value that of a column.</summary>
    public void SetColumn(DataViewSchema.DetachedColumn column, string value) =>
        MLNetInternals.SetOnnxColumn(context, column.Type, column.Name, value);

    public string AddNode(string type, string node, IEnumerable<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        MLNetInternals.AddOnnxNode(context, type, Unique(node), inputs, attributes);

    public string AddConstant(string constant, float[] values, params ReadOnlySpan<long> shape) =>
        MLNetInternals.AddOnnxConstant(context, Unique(constant), values, shape.ToArray());

    public string AddIntegers(string constant, params ReadOnlySpan<long> values) =>
        MLNetInternals.AddOnnxIntegers(context, Unique(constant), values.ToArray());

    // The converter keeps values and columns in one table: a value that is called as a column would take its place.
    private string Unique(string name)
    {
        var unique = $"{transformer}.{name}";
        for (var i = 1; MLNetInternals.FindOnnxValue(context, unique) is not null; i++)
            unique = FormattableString.Invariant($"{transformer}.{name}_{i}");
        return unique;
    }
}
