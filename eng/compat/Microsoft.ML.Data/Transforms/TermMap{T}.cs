using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Values of one type in memory, numbered from 1 on.</summary>
internal sealed class TermMap<T> : TermMap
{
    private readonly T[] _terms;
    private readonly Dictionary<T, uint> _keys = new(TermText.EqualityComparer<T>());

    public TermMap(PrimitiveDataViewType itemType, T[] terms)
        : base(itemType, terms.Length)
    {
        _terms = terms;
        for (var i = 0; i < terms.Length; i++)
        {
            if (!_keys.TryAdd(terms[i], (uint)i + 1))
            {
                throw Contracts.Except("Duplicate items at positions {0} and {1}", _keys[terms[i]] - 1, i);
            }
        }
    }

    public override void Save(ModelSaveContext ctx)
    {
        if (_terms is ReadOnlyMemory<char>[] texts)
        {
            ctx.Writer.Write(TextKind);
            ctx.Writer.Write(texts.Length);
            foreach (var text in texts)
            {
                ctx.SaveNonEmptyString(text);
            }

            return;
        }

        var codec = ValueCodec.TryCreate(ItemType) as ValueCodec<T>
            ?? throw Contracts.Except("We do not know how to serialize terms of type '{0}'", ItemType);
        ctx.Writer.Write(CodecKind);
        codec.WriteDescription(ctx.Writer);
        ctx.Writer.Write(_terms.Length);
        codec.Write(ctx.Writer, _terms);
    }

    public override void WriteText(TextWriter writer)
    {
        writer.WriteLine(ItemType is TextDataViewType ? $"# Number of terms = {_terms.Length}"
            : $"# Number of terms of type '{ItemType}' = {_terms.Length}");
        for (var i = 0; i < _terms.Length; i++)
        {
            writer.WriteLine($"{i}\t{TermText.Format(_terms[i], ItemType)}");
        }
    }

    public override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source)
    {
        if (source.Type is VectorDataViewType vector)
        {
            return MakeVectorGetter(input.GetGetter<VBuffer<T>>(source), source.Name, vector.Size);
        }

        var get = input.GetGetter<T>(source);
        T value = default;
        return (ValueGetter<uint>)((ref uint key) =>
        {
            get(ref value);
            key = _keys.GetValueOrDefault(value);
        });
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText)
    {
        if (_terms.Length == 0)
        {
            return;
        }

        if (ItemType is KeyDataViewType key
            && source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is VectorDataViewType values
            && (ulong)values.Size == key.Count)
        {
            Utils.MarshalInvoke<bool>(AddOriginalKeyValues<int>, values.ItemType.RawType, annotations, source, values.ItemType, asText);
        }
        else
        {
            Add(annotations, ItemType, _terms, asText);
        }
    }

    private static void Add<TValue>(DataViewSchema.Annotations.Builder annotations, PrimitiveDataViewType type, TValue[] values,
        bool asText)
    {
        if (asText && type is not TextDataViewType)
        {
            Add(annotations, TextDataViewType.Instance, values.Select(v => TermText.Format(v, type).AsMemory()).ToArray(), false);
            return;
        }

        void GetValues(ref VBuffer<TValue> destination) => VBuffer<TValue>.Copy(values, 0, ref destination, values.Length);
        annotations.AddKeyValues<TValue>(values.Length, type, GetValues);
    }

    private bool AddOriginalKeyValues<TValue>(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source,
        PrimitiveDataViewType type, bool asText)
    {
        VBuffer<TValue> original = default;
        source.GetKeyValues(ref original);
        var values = _terms.Select(t => original.GetItemOrDefault((int)Convert.ToUInt64(t) - 1)).ToArray();
        Add(annotations, type, values, asText);
        return true;
    }

    private ValueGetter<VBuffer<uint>> MakeVectorGetter(ValueGetter<VBuffer<T>> get, string column, int size)
    {
        VBuffer<T> values = default;
        return (ref VBuffer<uint> keys) =>
        {
            get(ref values);
            if (size != 0 && values.Length != size)
            {
                throw Contracts.Except("Column '{0}': TermTransform expects {1} slots, but got {2}", column, size, values.Length);
            }

            var editor = VBufferEditor.Create(ref keys, values.Length);
            editor.Values.Fill(values.IsDense ? 0 : _keys.GetValueOrDefault(default));
            foreach (var (slot, value) in values.Items())
            {
                editor.Values[slot] = _keys.GetValueOrDefault(value);
            }

            keys = editor.Commit();
        };
    }
}
