using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>
/// All that this library needs of ML.NET and ML.NET keeps internal, in one file. It is reached by the documented way in: the compiler
/// sees copies of the reference assemblies whose internals were made public (build/Publicize.targets), and the runtime honours
/// IgnoresAccessChecksToAttribute (AssemblyAccess.cs).
/// </summary>
internal static class MLNetInternals
{
    private const string StreamName = "Dmcp";

    /// <summary>The environment of a catalog. ML.NET's own extension methods get it in the same way; there is no public one.</summary>
    public static IHostEnvironment Environment(object catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>A schema column before the data is known. EstimatorChain.Fit asks for it; its constructor is internal.</summary>
    public static SchemaShape.Column Column(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, params SchemaShape.Column[] annotations) =>
        new(name, kind, itemType, isKey, new SchemaShape(annotations));

    /// <summary>The shape of a schema, as EstimatorChain.Fit makes it.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>The seed given to the MLContext, which has no public reader.</summary>
    public static int? Seed(IHostEnvironment env) => (env as IHostEnvironmentInternal)?.Seed;

    /// <summary>The GPU given to the MLContext.</summary>
    public static (int? DeviceId, bool FallbackToCpu) Gpu(IHostEnvironment env) => env is IHostEnvironmentInternal inner ? (inner.GpuDeviceId, inner.FallbackToCpu) : (null, true);

    /// <summary>Whether the work of the MLContext was cancelled (MLContext.CancelExecution, which AutoML calls).</summary>
    public static bool IsCanceled(IHostEnvironment env) => env is ICancelable { IsCanceled: true };

    /// <summary>The number of the next set of score columns: ML.NET's scorers count those of a pipeline.</summary>
    public static uint NextScoreColumnSet(DataViewSchema input) => input.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;

    /// <summary>Score and predicted label before the data is known, as ML.NET's multiclass trainers promise them.</summary>
    public static SchemaShape.Column[] MulticlassColumns(string score, string predictedLabel, SchemaShape.Column label) =>
    [
        new(predictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
            new SchemaShape([.. label.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.KeyValues), .. AnnotationUtils.GetTrainerOutputAnnotation()])),
        new(score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
    ];

    /// <summary>
    /// Writes a transformer into a model file: a version header, and its content as a binary stream of its own, with its SHA-256 behind it
    /// (nothing else checks the content: .NET reads past the checksums of zip files).
    /// </summary>
    /// <param name="ctx">Where ML.NET wants it.</param>
    /// <param name="signature">Eight letters that mark the kind of model.</param>
    /// <param name="version">Version written.</param>
    /// <param name="readableFrom">Oldest version of the reader that still understands it.</param>
    /// <param name="loaderSignature">Name under which the loader is registered.</param>
    /// <param name="write">Writes the content.</param>
    public static void Save(ModelSaveContext ctx, string signature, uint version, uint readableFrom, string loaderSignature, Action<BinaryWriter> write)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Header(signature, version, readableFrom, loaderSignature));
        ctx.SaveBinaryStream(StreamName, writer =>
        {
            using var hash = SHA256.Create();
            using (var hashed = new CryptoStream(writer.BaseStream, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (var content = new BinaryWriter(hashed, Encoding.UTF8))
                write(content);
            writer.Write(hash.Hash!);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FormatException">
    /// The model file is of a later version or corrupt. ML.NET wraps it in an InvalidOperationException, once or more, as it does its own.
    /// </exception>
    /// <param name="ctx">Where ML.NET found it.</param>
    /// <param name="signature">Eight letters that mark the kind of model.</param>
    /// <param name="version">Version that this library writes.</param>
    /// <param name="readableFrom">Oldest version that it reads.</param>
    /// <param name="loaderSignature">Name under which the loader is registered.</param>
    /// <param name="read">Reads the content.</param>
    public static T Load<T>(ModelLoadContext ctx, string signature, uint version, uint readableFrom, string loaderSignature, Func<BinaryReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.CheckAtModel(Header(signature, version, readableFrom, loaderSignature));
        T? result = default;
        try
        {
            if (!ctx.TryLoadBinaryStream(StreamName, reader => result = ReadWhole(reader.BaseStream, read, mustHaveHash: ctx.Header.ModelVerWritten > readableFrom)))
                throw new FormatException($"The model file is corrupt: it has no '{StreamName}' stream.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or FormatException or OverflowException or OutOfMemoryException or NotSupportedException or JsonException or ExternalException)
        {
            // Marked as ML.NET's own, and the base of what it makes of it: its message is the one to show.
            throw Contracts.ExceptDecode(e is FormatException ? e.Message : $"The model file is corrupt: {e.Message}");
        }
        return result!;
    }

    private static T ReadWhole<T>(Stream stream, Func<BinaryReader, T> read, bool mustHaveHash)
    {
        using var hash = SHA256.Create();
        using var hashed = new HashedReading(stream, hash);
        using var content = new BinaryReader(hashed, Encoding.UTF8);
        var result = read(content);
        hash.TransformFinalBlock([], 0, 0);
        var expected = new byte[SHA256.HashSizeInBytes];
        // Files of the first version may be from before there were checksums, and end here.
        var length = stream.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false);
        if ((length > 0 || mustHaveHash) && !expected.AsSpan(0, length).SequenceEqual(hash.Hash))
            throw new FormatException("The model file is corrupt: its content does not match its checksum.");
        return result;
    }

    private static VersionInfo Header(string signature, uint version, uint readableFrom, string loaderSignature) => new(
        modelSignature: signature, verWrittenCur: version, verReadableCur: readableFrom, verWeCanReadBack: readableFrom,
        loaderAssemblyName: Assembly.GetExecutingAssembly().FullName, loaderSignature: loaderSignature);
}
