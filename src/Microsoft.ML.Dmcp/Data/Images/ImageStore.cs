namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>Images of one size: the first in memory, and the others, where there was no room for them, in a temporary file.</summary>
internal sealed class ImageStore
{
    private readonly IReadOnlyList<byte[]> _memory;
    private readonly PixelFile? _file;
    // Which images these are, of those in memory and in the file; null for all of them.
    private readonly int[]? _picked;

    /// <param name="memory">The images in memory.</param>
    /// <param name="file">The images behind them; null for none.</param>
    public ImageStore(IReadOnlyList<byte[]> memory, PixelFile? file = null) : this(memory, file, null)
    {
    }

    private ImageStore(IReadOnlyList<byte[]> memory, PixelFile? file, int[]? picked) => (_memory, _file, _picked) = (memory, file, picked);

    public int Count => _picked?.Length ?? _memory.Count + (_file?.Count ?? 0);

    /// <summary>The pixels of an image; one of the file is good until the thread asks for another.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var place = _picked?[index] ?? index;
            return place < _memory.Count ? _memory[place] : _file!.Read(place - _memory.Count);
        }
    }

    /// <summary>Some of the images, in this order.</summary>
    public ImageStore Pick(IEnumerable<int> indices) => new(_memory, _file, [.. indices.Select(i => _picked?[i] ?? i)]);
}
