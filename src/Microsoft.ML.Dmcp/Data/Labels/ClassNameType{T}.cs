using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Data.Labels;

/// <summary>A type of key values, with its way to text and back, by which nothing is lost.</summary>
internal sealed class ClassNameType<T>(
    string name, PrimitiveDataViewType itemType, Func<T, string> toText, Func<string, T> toValue)
    : ClassNameType(name, itemType)
{
    public override string[] Read(DataViewSchema.Column column, string kind)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(kind, ref values);
        return values.DenseValues().Select(toText).ToArray();
    }

    public override void Check(IReadOnlyList<string> names)
    {
        foreach (var text in names)
        {
            try
            {
                toValue(text);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new FormatException($"The class name '{text}' is no {Name}.", e);
            }
        }
    }

    public override void Add(DataViewSchema.Annotations.Builder annotations, string kind, IReadOnlyList<string> names)
    {
        var values = names.Select(toValue).ToArray();
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> value) =>
        {
            var editor = VBufferEditor.Create(ref value, values.Length);
            values.CopyTo(editor.Values);
            value = editor.Commit();
        };
        annotations.Add(kind, new VectorDataViewType(ItemType, values.Length), getter);
    }
}
