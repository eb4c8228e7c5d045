using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>
/// The view of a transformer over its input. Nothing is computed until a cursor asks for an appended column. ML.NET's conversion to ONNX
/// walks along such views, from the last to the first, and asks each for its nodes.
/// </summary>
internal sealed class AppendingView(AppendingTransformer transformer, IDataView input) : ITransformCanSaveOnnx
{
    IDataView IDataTransform.Source => input;

    public DataViewSchema Schema { get; } = transformer.GetOutputSchema(input.Schema);

    // Rows are computed in the input's order, several at a time.
    public bool CanShuffle => false;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.Select(c => c.Index).ToHashSet();
        var computes = needed.Any(i => i >= input.Schema.Count);
        var read = computes ? transformer.Reads(input.Schema).Select(c => c.Index).ToHashSet() : [];
        var rows = input.GetRowCursor(input.Schema.Where(c => needed.Contains(c.Index) || read.Contains(c.Index)));
        AppendedValues? appended = null;
        try
        {
            appended = computes ? transformer.OpenCursor(rows) : null;
            return new AppendingCursor(Schema, rows, appended, needed);
        }
        catch
        {
            appended?.Dispose();
            rows.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx)
    {
        foreach (var column in MLNetInternals.FirstView(input).Schema)
            if (ImageColumnReader.IsImage(column.Type))
                throw transformer.NoConversion($"column '{column.Name}' of the data holds images in memory, which ONNX does not know");
        return true;
    }

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) =>
        transformer.Convert(new OnnxContextGraph(ctx, transformer.GetType().Name), input.Schema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);
}
