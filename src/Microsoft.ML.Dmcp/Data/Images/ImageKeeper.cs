namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>Keeps the images that are read: in memory while there is room, then in a temporary file.</summary>
/// <param name="column">Their column, for errors.</param>
/// <param name="expected">How many there will be at most; null where nobody knows.</param>
/// <param name="room">How many go where.</param>
internal sealed class ImageKeeper(string column, long? expected, ImageRoom room)
{
    // Bytes between two looks at how full the disk is.
    private const long BetweenLooks = 1 << 26;
    private const double Gigabyte = 1 << 30;

    private readonly List<byte[]> _memory = [];
    private PixelFile? _file;
    private long _allowed;

    /// <summary>Number of images.</summary>
    public int Count => _memory.Count + (_file?.Count ?? 0);

    /// <summary>Adds an image.</summary>
    /// <param name="pixels">Its pixels.</param>
    /// <param name="shape">The size of all images.</param>
    /// <exception cref="InvalidOperationException">There is no room; the message says how much is needed and where.</exception>
    public void Add(byte[] pixels, ImageShape shape)
    {
        var inMemory = room.Memory / shape.Bytes;
        // Before hours of decoding, where it is known then.
        if (Count == 0)
            RequireDisk((expected ?? 0) - inMemory, shape);
        if (_memory.Count < inMemory)
        {
            _memory.Add(pixels);
            return;
        }
        if (_allowed < shape.Bytes)
        {
            RequireDisk(1, shape);
            _allowed = BetweenLooks;
        }
        _allowed -= shape.Bytes;
        try
        {
            _file ??= new PixelFile(room.Folder, shape.Bytes);
            _file.Append(pixels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TooLarge(shape, e);
        }
    }

    /// <summary>All images.</summary>
    public ImageStore ToStore() => new(_memory, _file);

    /// <summary>Where the images are, for people; null where all are in memory.</summary>
    public string? Remark(ImageShape shape) => _file is null ? null : FormattableString.Invariant(
        $"{_file.Count} of {Count} images ({_file.Count * (shape.Bytes / Gigabyte):0.00} GB) are kept in a temporary file in ")
        + $"'{room.Folder}', since memory has no room for them. Training reads them from there, which takes longer on a slow disk.";

    /// <summary>The error of images that cannot be kept.</summary>
    public InvalidOperationException TooLarge(ImageShape? shape, Exception? inner)
    {
        var count = Math.Max(expected ?? 0, Count + 1);
        var variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";
        return new InvalidOperationException(
            FormattableString.Invariant($"{count} images{(expected is null ? " and more" : "")} of {shape?.ToString() ?? "unknown"} ")
            + FormattableString.Invariant($"pixels in column '{column}' need {count * ((shape?.Bytes ?? 0) / Gigabyte):0.00} GB. ")
            + FormattableString.Invariant($"Memory has room for {room.Memory / Gigabyte:0.00} GB; ")
            + $"a temporary file would take the rest, but {room}{(inner is null ? "" : $" ({inner.Message})")}. "
            + $"Set the environment variable {variable} to a folder on a larger disk, make the images smaller, or take fewer"
            + (shape is { IsFloat: true } ? "; bytes rather than floats take a quarter." : "."),
            inner);
    }

    private void RequireDisk(long images, ImageShape shape)
    {
        if (images > 0 && images * shape.Bytes > room.FreeDisk)
            throw TooLarge(shape, null);
    }
}
