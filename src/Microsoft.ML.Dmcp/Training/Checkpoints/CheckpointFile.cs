using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Checkpoints;

/// <summary>
/// The format of checkpoints: magic, version, identity as JSON, the weights of the network as TorchSharp writes them, the rest of the
/// state, and the SHA-256 of all that.
/// </summary>
internal static class CheckpointFile
{
    private const string Magic = "Microsoft.ML.Dmcp/Checkpoint";
    private const int Version = 2;
    private const int LongestIdentity = 16 << 20;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="identity">Which run it is.</param>
    /// <param name="state">Writes the weights, then the rest.</param>
    /// <exception cref="IOException">It could not be written; a file that was there before is untouched.</exception>
    public static void Write(string path, CheckpointIdentity identity, Action<BinaryWriter> state)
    {
        try
        {
            DurableFile.Write(path, stream =>
            {
                using var hash = SHA256.Create();
                using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
                using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
                {
                    writer.Write(Magic);
                    writer.Write(Version);
                    writer.Write(JsonSerializer.Serialize(identity, CheckpointJson.Default.CheckpointIdentity));
                    state(writer);
                }
                stream.Write(hash.Hash!);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>Makes sure that a file can be written, before anything is computed that would be lost.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void RequireWritable(string path)
    {
        try
        {
            DurableFile.RequireWritable(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    private static IOException Unwritable(string path, Exception e) =>
        new($"Checkpoint '{path}' cannot be written: {e.Message} Free some room or give another CheckpointPath; " +
            "what it held before is unchanged.", e);

    /// <summary>Reads a file after checking that it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads weights and state.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is damaged, no checkpoint, or of a later version.</exception>
    public static T Read<T>(string path, Func<CheckpointIdentity, BinaryReader, T> read)
    {
        if (!DurableFile.Exists(path))
            throw new FileNotFoundException($"There is no checkpoint '{path}'.", path);
        using var file = Open(path);
        CheckWhole(path, file);
        using var reader = new BinaryReader(file, Encoding.UTF8);
        if (ReadMagic(reader) != Magic)
            throw new FormatException($"File '{path}' is no checkpoint.");
        if (reader.ReadInt32() is var version && version != Version)
            throw new FormatException(
                $"Checkpoint '{path}' has version {version}; this library reads version {Version}: " +
                $"{(version > Version ? "update Microsoft.ML.Dmcp" : "delete it to begin anew")}.");
        try
        {
            var identity = JsonSerializer.Deserialize(reader.ReadText(LongestIdentity), CheckpointJson.Default.CheckpointIdentity)
                ?? throw new FormatException("its identity is null");
            return read(identity, reader);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException
            or EndOfStreamException or OverflowException or NotSupportedException)
        {
            throw new FormatException($"Checkpoint '{path}' is damaged: {e.Message} Delete it to begin anew.", e);
        }
    }

    /// <summary>The SHA-256 that a checkpoint ends with, as hexadecimal digits: it says which weights they are.</summary>
    public static string DigestOf(string path)
    {
        using var file = Open(path);
        file.Seek(-SHA256.HashSizeInBytes, SeekOrigin.End);
        var digest = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(digest);
        return Convert.ToHexString(digest);
    }

    /// <summary>Which run a checkpoint is of; null when there is no file.</summary>
    public static CheckpointIdentity? IdentityOf(string? path) =>
        path is not null && DurableFile.Exists(path) ? Read(path, (identity, _) => identity) : null;

    /// <summary>
    /// Gives a network the weights of a checkpoint of the same network, or pre-trained ones, whose classifier may be for other classes.
    /// </summary>
    /// <exception cref="InvalidOperationException">The checkpoint is of another network.</exception>
    /// <returns>The run that the weights are of.</returns>
    public static CheckpointIdentity LoadWeights(string path, SlimmableNetwork network, RunLog? log = null) =>
        Read(path, (identity, reader) =>
    {
        if (identity.Kind == CheckpointIdentity.Pretrained)
        {
            using var source = SlimmableNetwork.Blank(NetworkDescription.FromJson(identity.Network), CPU);
            source.LoadWeights(reader);
            PretrainedWeights.Copy(network, source);
            if (network.FreshClassifier is not null)
                log?.Info($"The weights of '{path}' have no classifier of {network.Description.Classes} classes: it begins fresh.");
            return identity;
        }
        if (identity.Network != network.Description.ToJson())
            throw new InvalidOperationException(
                $"The weights of '{path}' are of network '{NetworkDescription.FromJson(identity.Network).Name}' as it was trained there; " +
                $"needed are those of the unpruned '{network.Description.Name}' for " +
                $"{network.Description.Input.Width}x{network.Description.Input.Height} pixels and {network.Description.Classes} classes.");
        network.LoadWeights(reader);
        return identity;
    });

    private static string ReadMagic(BinaryReader reader)
    {
        try
        {
            return reader.ReadText(Magic.Length);
        }
        catch (FormatException)
        {
            return "";
        }
    }

    /// <summary>Opens a file that may be a checkpoint; asks for its length first, since opening a pipe waits for its other end.</summary>
    private static FileStream Open(string path)
    {
        var length = new FileInfo(DurableFile.Linked(path)).Length;
        return length > SHA256.HashSizeInBytes
            ? File.OpenRead(path)
            : throw new FormatException($"File '{path}' is no checkpoint: it has {length} bytes.");
    }

    private static void CheckWhole(string path, FileStream file)
    {
        var length = file.Length - SHA256.HashSizeInBytes;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (var left = length; left > 0;)
        {
            var count = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            hash.AppendData(buffer, 0, count);
            left -= count;
        }
        var expected = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(expected);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
            throw new FormatException(
                $"Checkpoint '{path}' is damaged, or no checkpoint: its content does not match its checksum. Delete it to begin anew.");
        file.Position = 0;
    }
}
