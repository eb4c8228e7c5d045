using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>
/// What this library needs of ML.NET and ML.NET keeps internal, in one file. It is reached by the documented way in: the compiler
/// sees copies of the reference assemblies whose internals were made public (build/Publicize.targets), and the runtime honours
/// IgnoresAccessChecksToAttribute (AssemblyAccess.cs).
/// </summary>
internal static class MLNetInternals
{
    /// <summary>The environment of a catalog. ML.NET's own extension methods get it in the same way; there is no public one.</summary>
    public static IHostEnvironment Environment(object catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>The transforms of an environment: an extension of one catalog has no way to another.</summary>
    public static TransformsCatalog Transforms(IHostEnvironment env) => new(env);

    /// <summary>The operations on models of an environment.</summary>
    public static ModelOperationsCatalog Models(IHostEnvironment env) => new(env);

    /// <summary>A schema column before the data is known. EstimatorChain.Fit asks for it; its constructor is internal.</summary>
    public static SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, params SchemaShape.Column[] annotations) =>
        new(name, kind, itemType, isKey, new SchemaShape(annotations));

    /// <summary>The shape of a schema, as EstimatorChain.Fit makes it.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>The seed given to the MLContext, which has no public reader.</summary>
    public static int? Seed(IHostEnvironment env) => (env as IHostEnvironmentInternal)?.Seed;

    /// <summary>The GPU given to the MLContext.</summary>
    public static (int? DeviceId, bool FallbackToCpu) Gpu(IHostEnvironment env) =>
        env is IHostEnvironmentInternal inner ? (inner.GpuDeviceId, inner.FallbackToCpu) : (null, true);

    /// <summary>Whether the work of the MLContext was cancelled (MLContext.CancelExecution, which AutoML calls).</summary>
    public static bool IsCanceled(IHostEnvironment env) => env is ICancelable { IsCanceled: true };

    /// <summary>The number of the next set of score columns: ML.NET's scorers count those of a pipeline.</summary>
    public static uint NextScoreColumnSet(DataViewSchema input) =>
        input.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;

    /// <summary>Score and predicted label before the data is known, as ML.NET's multiclass trainers promise them.</summary>
    public static SchemaShape.Column[] MulticlassColumns(string score, string predictedLabel, SchemaShape.Column label) =>
    [
        new(predictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
            new SchemaShape(
            [
                .. label.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.KeyValues),
                .. AnnotationUtils.GetTrainerOutputAnnotation(),
            ])),
        new(score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
    ];

    /// <summary>Which column a transformer makes of which, where it makes each of one other; null where it works in another way.</summary>
    public static (string Output, string Input)[]? ColumnPairs(ITransformer transformer) =>
        (transformer as OneToOneTransformerBase)?.ColumnPairs;

    /// <summary>The version header of a transformer of this assembly.</summary>
    public static VersionInfo Version(string signature, uint version, uint readableFrom, string loaderSignature) => new(
        modelSignature: signature, verWrittenCur: version, verReadableCur: readableFrom, verWeCanReadBack: readableFrom,
        loaderAssemblyName: Assembly.GetExecutingAssembly().FullName, loaderSignature: loaderSignature);

    /// <summary>Writes a version header and a stream of content where ML.NET wants a transformer.</summary>
    public static void Write(ModelSaveContext ctx, VersionInfo header, string streamName, Action<BinaryWriter> write)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(header);
        ctx.SaveBinaryStream(streamName, write);
    }

    /// <summary>Version of the writer of a transformer.</summary>
    public static uint WrittenVersion(ModelLoadContext ctx) => ctx.Header.ModelVerWritten;

    /// <summary>Checks a version header and reads the stream of content behind it; false where there is none.</summary>
    public static bool TryRead(ModelLoadContext ctx, VersionInfo header, string streamName, Action<BinaryReader> read)
    {
        ctx.CheckAtModel(header);
        return ctx.TryLoadBinaryStream(streamName, read);
    }

    /// <summary>An error of a model file, marked as ML.NET's own: its message is the one to show when ML.NET wraps it.</summary>
    public static Exception DecodeError(string message) => Contracts.ExceptDecode(message);

    /// <summary>The view that a transform is over, and so on, to the first.</summary>
    public static IDataView FirstView(IDataView view)
    {
        while (view is IDataTransform transform)
            view = transform.Source;
        return view;
    }

    /// <summary>Checks the version of the operators that a conversion to ONNX writes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is older; the message names the transformer.</exception>
    public static void RequireOnnxOpset(OnnxContext context, int oldest, string transformer) =>
        context.CheckOpSetVersion(oldest, transformer);

    /// <summary>The value in the graph that a name, of a column or of a value, stands for; null for none.</summary>
    public static string? FindOnnxValue(OnnxContext context, string name) =>
        context.ContainsColumn(name) ? context.GetVariableName(name) : null;

    /// <summary>Makes a value that of a column, for the transforms that follow and for the outputs.</summary>
    public static void SetOnnxColumn(OnnxContext context, DataViewType type, string column, string value) =>
        context.CreateNode("Identity", value, context.AddIntermediateVariable(type, column), context.GetNodeName("Identity"), "");

    /// <summary>Adds a node of ONNX's own domain with one result, whose name is given back.</summary>
    public static string AddOnnxNode(
        OnnxContext context, string type, string name, IEnumerable<string> inputs, ReadOnlySpan<OnnxAttribute> attributes)
    {
        var result = context.AddIntermediateVariable(null, name, skip: true);
        var node = context.CreateNode(type, inputs, [result], context.GetNodeName(name), "");
        foreach (var (attribute, value) in attributes)
            switch (value)
            {
                case long number:
                    node.AddAttribute(attribute, number);
                    break;
                case float number:
                    node.AddAttribute(attribute, (double)number);
                    break;
                default:
                    node.AddAttribute(attribute, (long[])value);
                    break;
            }
        return result;
    }

    /// <summary>Adds a constant of floats, whose name is given back; without dimensions it is a single number.</summary>
    public static string AddOnnxConstant(OnnxContext context, string name, float[] values, long[] shape) =>
        shape.Length == 0 ? context.AddInitializer(values[0], name) : context.AddInitializer(values, shape, name);

    /// <summary>Adds a vector of whole numbers, whose name is given back.</summary>
    public static string AddOnnxIntegers(OnnxContext context, string name, long[] values) =>
        context.AddInitializer(values, [values.Length], name);
}
