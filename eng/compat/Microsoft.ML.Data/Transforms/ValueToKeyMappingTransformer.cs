using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "Term Transform",
    ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Replaces values by their numbers, from 1 on; 0 stands for a value not learned.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";
    private const string VocabularyDirectory = "Vocabulary";
    private readonly TermMap[] _maps;
    private readonly bool[] _textAnnotations;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns,
        TermMap[] maps, bool textAnnotations)
        : base(env.Register("Term"), columns)
    {
        _maps = maps;
        _textAnnotations = Utils.BuildArray(maps.Length, _ => textAnnotations);
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _textAnnotations = Utils.BuildArray(ColumnPairs.Length, _ => ctx.Reader.ReadBoolByte());
        TermMap[] maps = null;
        var found = ctx.TryProcessSubModel(VocabularyDirectory, vocabulary =>
        {
            vocabulary.CheckAtModel(VocabularyVersion);
            host.CheckDecode(vocabulary.Reader.ReadInt32() == ColumnPairs.Length);
            maps = Utils.BuildArray(ColumnPairs.Length, _ => TermMap.Load(host, vocabulary));
        });
        host.CheckDecode(found, $"Missing {VocabularyDirectory} model");
        _maps = maps;
    }

    private static VersionInfo Version => new(
        modelSignature: "TERMTRNF",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName,
        loaderSignature: LoaderSignature);

    private static VersionInfo VocabularyVersion => new(
        modelSignature: "TERM MAN",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderAssemblyName: typeof(ValueToKeyMappingTransformer).Assembly.FullName,
        loaderSignature: "TermManager");

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        ctx.CheckAtModel(Version);
        return new ValueToKeyMappingTransformer(env.Register("Term"), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var text in _textAnnotations)
        {
            ctx.Writer.WriteBoolByte(text);
        }

        ctx.SaveSubModel(VocabularyDirectory, vocabulary =>
        {
            vocabulary.CheckAtModel();
            vocabulary.SetVersionInfo(VocabularyVersion);
            vocabulary.Writer.Write(_maps.Length);
            foreach (var map in _maps)
            {
                map.Save(vocabulary);
            }

            vocabulary.SaveTextStream("Terms.txt", writer =>
            {
                foreach (var map in _maps)
                {
                    map.WriteText(writer);
                }
            });
        });
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var type = inputSchema[srcCol].Type;
        TermMapTraining.CheckType(Host, inputSchema[srcCol]);
        if (!type.GetItemType().Equals(_maps[col].ItemType))
        {
            throw Host.Except("Could not apply a map over type '{0}' to column '{1}' since it has type '{2}'", _maps[col].ItemType,
                ColumnPairs[col].outputColumnName, type.GetItemType());
        }
    }

    private sealed class Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Utils.BuildArray(parent.ColumnPairs.Length, i =>
            {
                var source = InputSchema[ColMapNewToOld[i]];
                var map = parent._maps[i];
                var annotations = new DataViewSchema.Annotations.Builder();
                map.AddKeyValues(annotations, source, parent._textAnnotations[i]);
                annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
                DataViewType type = source.Type is VectorDataViewType vector ? new VectorDataViewType(map.OutputType, vector.Dimensions)
                    : map.OutputType;
                return new DataViewSchema.DetachedColumn(parent.ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations());
            });

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return parent._maps[iinfo].MakeGetter(input, input.Schema[ColMapNewToOld[iinfo]]);
        }
    }
}
