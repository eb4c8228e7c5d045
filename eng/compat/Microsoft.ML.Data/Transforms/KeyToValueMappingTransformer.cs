using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel), "Key To Value Transform",
    KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Replaces keys by what they stand for: the input column's KeyValues annotation.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingTransformer)), columns)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static VersionInfo Version => new(
        modelSignature: "KEY2VALT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(KeyToValueMappingTransformer).Assembly.FullName,
        loaderSignature: LoaderSignature);

    private static KeyToValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new KeyToValueMappingTransformer(env.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var values = inputSchema[srcCol].Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type;
        Host.Check(values is not null, "Metadata KeyValues does not exist");
        var keys = inputSchema[srcCol].Type.GetItemType().GetKeyCountAsInt32(Host);
        Host.Check(values.GetVectorSize() == keys, "KeyValues metadata size does not match column type key count");
    }

    private sealed class Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Utils.BuildArray(parent.ColumnPairs.Length, i =>
            {
                var source = InputSchema[ColMapNewToOld[i]];
                var annotations = new DataViewSchema.Annotations.Builder();
                annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
                DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(ValueType(source), vector.Dimensions)
                    : ValueType(source);
                return new DataViewSchema.DetachedColumn(parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
            });

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var source = input.Schema[ColMapNewToOld[iinfo]];
            return Utils.MarshalInvoke<Delegate>(MakeGetterFor<int>, ValueType(source).RawType, input, source);
        }

        private static PrimitiveDataViewType ValueType(DataViewSchema.Column source)
            => (PrimitiveDataViewType)source.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type.GetItemType();

        private static Delegate MakeGetterFor<TValue>(DataViewRow input, DataViewSchema.Column source)
        {
            VBuffer<TValue> buffer = default;
            source.GetKeyValues(ref buffer);
            var values = buffer.DenseValues().ToArray();
            return Utils.MarshalInvoke<Delegate>(MakeTypedGetter<uint, TValue>, [source.Type.GetItemType().RawType, typeof(TValue)], input,
                source, values);
        }

        private static Delegate MakeTypedGetter<TKey, TValue>(DataViewRow input, DataViewSchema.Column source, TValue[] values)
            where TKey : IBinaryInteger<TKey>
        {
            TValue Map(TKey key)
            {
                var number = ulong.CreateTruncating(key);
                return number > 0 && number <= (ulong)values.Length ? values[number - 1] : TermText.Missing<TValue>();
            }

            if (source.Type is not VectorDataViewType)
            {
                var get = input.GetGetter<TKey>(source);
                TKey key = default;
                return (ValueGetter<TValue>)((ref TValue value) =>
                {
                    get(ref key);
                    value = Map(key);
                });
            }

            var getKeys = input.GetGetter<VBuffer<TKey>>(source);
            VBuffer<TKey> keys = default;
            return (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> destination) =>
            {
                getKeys(ref keys);
                var editor = VBufferEditor.Create(ref destination, keys.Length);
                editor.Values.Fill(TermText.Missing<TValue>());
                foreach (var (slot, key) in keys.Items())
                {
                    editor.Values[slot] = Map(key);
                }

                destination = editor.Commit();
            });
        }
    }
}
