using System.Security.Cryptography;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>
/// Takes the hash of what is read of a stream. A hash has blocks of one byte: not a byte more is read than is asked for, and what follows
/// stays in the stream. Beyond <see cref="CryptoStream"/> it knows how much is left, which bounds what a file may claim to hold
/// (BoundedReading.cs).
/// </summary>
internal sealed class HashedReading : CryptoStream
{
    private readonly Stream _inner;

    public HashedReading(Stream inner, HashAlgorithm hash)
        : base(inner, hash, CryptoStreamMode.Read, leaveOpen: true) => _inner = inner;

    public override long Length => _inner.Length;

    public override long Position { get => _inner.Position; set => throw new NotSupportedException(); }
}
