using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.Appending;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What our transformers have in common: they pass all columns on and append some of their own, each row by itself, lazily.
/// </summary>
public abstract class AppendingTransformer : ITransformer
{
    private protected AppendingTransformer(IHostEnvironment env, string registrationName)
    {
        ArgumentNullException.ThrowIfNull(env);
        Host = env.Register(registrationName);
    }

    private protected IHost Host { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(Append(inputSchema));
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AppendingView(this, input);
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new AppendingRowMapper(this, inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    private protected abstract void Save(ModelSaveContext ctx);

    /// <summary>The columns that are appended, after a check of those that are read.</summary>
    internal abstract IReadOnlyList<DataViewSchema.DetachedColumn> Append(DataViewSchema input);

    /// <summary>The input columns that appended ones are computed from.</summary>
    internal abstract IReadOnlyList<DataViewSchema.Column> Reads(DataViewSchema input);

    /// <summary>Opens the appended values of a single row, which may change under us (PredictionEngine).</summary>
    internal abstract AppendedValues OpenRow(DataViewRow row);

    /// <summary>Opens the appended values of a cursor's rows, batch by batch.</summary>
    /// <param name="rows">A cursor over the columns that are read, and others.</param>
    internal abstract AppendedValues OpenCursor(DataViewRowCursor rows);

    /// <summary>Writes the appended columns to the graph that ML.NET's conversion to ONNX makes.</summary>
    /// <param name="graph">The graph, with the columns of the input that could be converted.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="NotSupportedException">A column that is read was not converted.</exception>
    internal abstract void Convert(OnnxContextGraph graph, DataViewSchema input);

    /// <summary>An error of a conversion to ONNX, with the way that works.</summary>
    /// <param name="reason">Why it cannot be done.</param>
    internal NotSupportedException NoConversion(string reason) => new(
        $"{GetType().Name} of Microsoft.ML.Dmcp cannot be converted to ONNX: {reason}. Write its network with " +
        "mlContext.Model.SaveAsOnnx of the package Microsoft.ML.Dmcp.Interop; the transforms before it stay in ML.NET.");
}
