using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform",
    ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into one vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";
    private readonly (string Output, string[] Inputs)[] _columns;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, params (string Output, string[] Inputs)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnConcatenatingTransformer)))
    {
        _columns = columns;
    }

    private static VersionInfo Version => new(
        modelSignature: "CONCAT F",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderAssemblyName: typeof(ColumnConcatenatingTransformer).Assembly.FullName,
        loaderSignature: LoaderSignature,
        loaderSignatureAlt: "ConcatFunction");

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        string ReadInput()
        {
            var name = ctx.LoadNonEmptyString();
            ctx.LoadStringOrNull(); // an alias for the slots, which nothing here gives
            return name;
        }

        var columns = Utils.BuildArray(ctx.Reader.ReadInt32(), _
            => (ctx.LoadNonEmptyString(), Utils.BuildArray(ctx.Reader.ReadInt32(), _ => ReadInput())));
        return new ColumnConcatenatingTransformer(env, columns);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_columns.Length);
        foreach (var (output, inputs) in _columns)
        {
            ctx.SaveNonEmptyString(output);
            ctx.Writer.Write(inputs.Length);
            foreach (var input in inputs)
            {
                ctx.SaveNonEmptyString(input);
                ctx.SaveStringOrNull(null);
            }
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : MapperBase
    {
        private readonly ColumnConcatenatingTransformer _parent;
        private readonly DataViewSchema.Column[][] _sources;

        public Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), inputSchema, parent)
        {
            _parent = parent;
            _sources = parent._columns.Select(c => c.Inputs.Select(Find).ToArray()).ToArray();
            foreach (var group in _sources)
            {
                var item = group[0].Type.GetItemType();
                foreach (var source in group.Where(s => !s.Type.GetItemType().Equals(item)))
                {
                    throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, item.ToString(), source.Type.ToString());
                }
            }
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Utils.BuildArray(_sources.Length, i => MakeColumn(_parent._columns[i].Output, _sources[i]));

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var sources = _sources[iinfo];
            return IsIdentity(sources)
                ? Utils.MarshalInvoke<Delegate>(input.GetGetter<int>, sources[0].Type.RawType, sources[0])
                : Utils.MarshalInvoke<Delegate>(ConcatenatedValues.MakeGetter<int>, sources[0].Type.GetItemType().RawType, input, sources);
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            var needed = _sources.Where((_, i) => activeOutput(i)).SelectMany(g => g).Select(c => c.Index).ToHashSet();
            return needed.Contains;
        }

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        private static bool IsIdentity(DataViewSchema.Column[] sources) => sources is [{ Type: VectorDataViewType }];

        private static DataViewSchema.DetachedColumn MakeColumn(string name, DataViewSchema.Column[] sources)
        {
            if (IsIdentity(sources))
            {
                return new DataViewSchema.DetachedColumn(name, sources[0].Type, sources[0].Annotations);
            }

            var item = (PrimitiveDataViewType)sources[0].Type.GetItemType();
            var size = sources.Any(s => s.Type.GetValueCount() == 0) ? 0 : sources.Sum(s => s.Type.GetValueCount());
            var annotations = new DataViewSchema.Annotations.Builder();
            if (item is NumberDataViewType && sources.All(s => s.IsNormalized()))
            {
                annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            }

            if (size > 0 && sources.Any(s => s.Type is not VectorDataViewType || s.HasSlotNames()))
            {
                var names = new Lazy<ReadOnlyMemory<char>[]>(() => ConcatenatedValues.SlotNames(sources));
                annotations.AddSlotNames(size, (ref VBuffer<ReadOnlyMemory<char>> slots)
                    => VBuffer<ReadOnlyMemory<char>>.Copy(names.Value, 0, ref slots, size));
            }

            return new DataViewSchema.DetachedColumn(name, new VectorDataViewType(item, size), annotations.ToAnnotations());
        }

        private DataViewSchema.Column Find(string name)
            => InputSchema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);
    }
}
