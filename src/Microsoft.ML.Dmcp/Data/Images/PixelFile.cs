using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>
/// Images of one size in a temporary file. It has no name or is deleted by the system, so that it goes with the process however that ends,
/// and with the last set that uses it. The system keeps in memory what it has room for.
/// </summary>
internal sealed class PixelFile
{
    private readonly int _bytes;
    private readonly SafeFileHandle _file;
    private readonly ThreadLocal<byte[]> _buffer;

    /// <param name="folder">Where it is made.</param>
    /// <param name="bytes">Bytes of an image.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public PixelFile(string folder, int bytes)
    {
        _bytes = bytes;
        _buffer = new(() => new byte[bytes]);
        var path = Path.Combine(folder, $"dmcp-images-{Guid.NewGuid():N}");
        var byItself = OperatingSystem.IsWindows();
        _file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
            FileOptions.RandomAccess | (byItself ? FileOptions.DeleteOnClose : FileOptions.None));
        if (!byItself)
            File.Delete(path);
    }

    /// <summary>Number of images.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an image behind the others.</summary>
    /// <exception cref="IOException">It cannot be written, as on a full disk.</exception>
    public void Append(ReadOnlySpan<byte> image)
    {
        RandomAccess.Write(_file, image, (long)Count * _bytes);
        Count++;
    }

    /// <summary>An image; good until the thread reads another.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ReadOnlySpan<byte> Read(int index)
    {
        var image = _buffer.Value.AsSpan();
        for (var read = 0; read < image.Length;)
            read += RandomAccess.Read(_file, image[read..], (long)index * _bytes + read) is > 0 and var count ? count
                : throw new EndOfStreamException($"The temporary file of images was cut: image {index} is not there any more.");
        return image;
    }
}
