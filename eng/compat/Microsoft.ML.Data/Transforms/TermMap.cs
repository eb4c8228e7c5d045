using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Values numbered from 1 on.</summary>
internal abstract class TermMap
{
    private protected const byte TextKind = 0;
    private protected const byte CodecKind = 1;

    private protected TermMap(PrimitiveDataViewType itemType, int count)
    {
        ItemType = itemType;
        OutputType = new KeyDataViewType(typeof(uint), Math.Max(1, count));
    }

    public PrimitiveDataViewType ItemType { get; }

    public KeyDataViewType OutputType { get; }

    public static TermMap Load(IExceptionContext ectx, ModelLoadContext ctx)
    {
        var kind = ctx.Reader.ReadByte();
        if (kind == TextKind)
        {
            var texts = Utils.BuildArray(ReadCount(ectx, ctx), _ => ctx.LoadNonEmptyString().AsMemory());
            return new TermMap<ReadOnlyMemory<char>>(TextDataViewType.Instance, texts);
        }

        ectx.CheckDecode(kind == CodecKind);
        var codec = ValueCodec.TryRead(ctx.Reader) ?? throw ectx.Except("Unrecognized codec read");
        ectx.CheckDecode(codec.Type is PrimitiveDataViewType);
        return Utils.MarshalInvoke<TermMap>(LoadCore<int>, codec.Type.RawType, codec, ctx, ReadCount(ectx, ctx));
    }

    public abstract void Save(ModelSaveContext ctx);

    public abstract void WriteText(TextWriter writer);

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source);

    /// <summary>Adds the values as the names of the keys; of keys, rather what they stood for.</summary>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText);

    private static int ReadCount(IExceptionContext ectx, ModelLoadContext ctx)
    {
        var count = ctx.Reader.ReadInt32();
        ectx.CheckDecode(count >= 0);
        return count;
    }

    private static TermMap LoadCore<T>(ValueCodec codec, ModelLoadContext ctx, int count)
        => new TermMap<T>((PrimitiveDataViewType)codec.Type, ((ValueCodec<T>)codec).Read(ctx.Reader, count));
}
