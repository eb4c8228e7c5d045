using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.Appending;

namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>A row that holds one image and nothing else.</summary>
/// <param name="schema">Its one column.</param>
/// <param name="image">The image; stays its owner's.</param>
internal sealed class SingleImageRow(DataViewSchema schema, MLImage image) : DataViewRow
{
    public override DataViewSchema Schema => schema;

    public override long Position => 0;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = default;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<MLImage> getter = (ref MLImage value) => value = image;
        return getter as ValueGetter<TValue> ?? throw AppendingGetters.WrongType<TValue>(column);
    }
}
