using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>
/// The format of our transformers in ML.NET's model files: a version header, and the content as a binary stream of its own with its SHA-256
/// behind it (nothing else checks the content: .NET reads past the checksums of zip files).
/// </summary>
/// <param name="signature">Eight letters that mark the kind of model.</param>
/// <param name="version">Version that this library writes.</param>
/// <param name="readableFrom">Oldest version that it reads, and the oldest reader that understands what it writes.</param>
/// <param name="loaderSignature">Name under which the loader is registered.</param>
internal sealed class ModelStream(string signature, uint version, uint readableFrom, string loaderSignature)
{
    private const string StreamName = "Dmcp";

    private readonly VersionInfo _header = MLNetInternals.Version(signature, version, readableFrom, loaderSignature);

    /// <summary>Writes a transformer into a model file.</summary>
    /// <param name="ctx">Where ML.NET wants it.</param>
    /// <param name="write">Writes the content.</param>
    public void Save(ModelSaveContext ctx, Action<BinaryWriter> write)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MLNetInternals.Write(ctx, _header, StreamName, writer =>
        {
            using var hash = SHA256.Create();
            using (var hashed = new CryptoStream(writer.BaseStream, hash, CryptoStreamMode.Write, leaveOpen: true))
            using (var content = new BinaryWriter(hashed, Encoding.UTF8))
                write(content);
            writer.Write(hash.Hash!);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="ctx">Where ML.NET found it.</param>
    /// <param name="read">Reads the content.</param>
    /// <exception cref="FormatException">
    /// The model file is of a later version or corrupt. ML.NET wraps it in an InvalidOperationException, once or more, as it does its own.
    /// </exception>
    public T Load<T>(ModelLoadContext ctx, Func<BinaryReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var mustHaveHash = MLNetInternals.WrittenVersion(ctx) > readableFrom;
        T? result = default;
        try
        {
            if (!MLNetInternals.TryRead(ctx, _header, StreamName, reader => result = ReadWhole(reader.BaseStream, read, mustHaveHash)))
                throw new FormatException($"The model file is corrupt: it has no '{StreamName}' stream.");
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            throw MLNetInternals.DecodeError(e is FormatException ? e.Message : $"The model file is corrupt: {e.Message}");
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
        {
            (result as IDisposable)?.Dispose();
            throw new FormatException("The model file is corrupt: its content does not match its checksum.");
        }
        return result;
    }

    private static bool IsOfTheFile(Exception e) =>
        e is IOException or InvalidDataException or ArgumentException or FormatException or OverflowException or OutOfMemoryException
            or NotSupportedException or JsonException or ExternalException;
}
