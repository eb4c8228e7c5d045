using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select Columns Transform",
    ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, in the order they are named in, or drops some.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";
    private readonly IHost _host;
    private readonly string[] _names;
    private readonly bool _keep;
    private readonly bool _keepHidden;
    private readonly bool _ignoreMissing;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden,
        bool ignoreMissing)
    {
        _host = Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnSelectingTransformer));
        _keep = Utils.Size(keepColumns) > 0;
        var drop = Utils.Size(dropColumns) > 0;
        _host.Check(!(_keep && drop), "Both keepColumns and dropColumns are set. Exactly one can be specified.");
        _host.Check(_keep || drop, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        _names = _keep ? keepColumns : dropColumns;
        _keepHidden = keepHidden;
        _ignoreMissing = ignoreMissing;
    }

    bool ITransformer.IsRowToRowMapper => true;

    private static VersionInfo Version => new(
        modelSignature: "SELCOLST",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(ColumnSelectingTransformer).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Select(inputSchema, nameof(inputSchema)).OutputSchema;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Select(inputSchema, nameof(inputSchema));

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnSubsetView(_host, input, Select(input.Schema, nameof(input)));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.WriteBoolByte(_keep);
        ctx.Writer.WriteBoolByte(_keepHidden);
        ctx.Writer.WriteBoolByte(_ignoreMissing);
        ctx.Writer.Write(_names.Length);
        foreach (var name in _names)
        {
            ctx.SaveNonEmptyString(name);
        }
    }

    internal bool Keeps(string name) => _names.Contains(name) == _keep;

    internal void CheckInput(IEnumerable<string> inputNames, string parameter)
    {
        var missing = _names.Except(inputNames).ToArray();
        if (!_ignoreMissing && missing.Length > 0)
        {
            throw _host.ExceptSchemaMismatch(parameter, "input", string.Join(",", missing));
        }
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var keep = ctx.Reader.ReadBoolByte();
        var keepHidden = ctx.Reader.ReadBoolByte();
        var ignoreMissing = ctx.Reader.ReadBoolByte();
        var names = Utils.BuildArray(ctx.Reader.ReadInt32(), _ => ctx.LoadNonEmptyString());
        return new ColumnSelectingTransformer(env, keep ? names : null, keep ? null : names, keepHidden, ignoreMissing);
    }

    private ColumnSubset Select(DataViewSchema schema, string parameter)
    {
        _host.CheckValue(schema, parameter);
        CheckInput(schema.Select(c => c.Name), parameter);
        var selected = _keep
            ? _names.SelectMany(name => schema.Where(c => c.Name == name && (_keepHidden || !c.IsHidden)))
            : schema.Where(c => Keeps(c.Name));
        return new ColumnSubset(schema, selected.Select(c => c.Index).ToArray());
    }
}
