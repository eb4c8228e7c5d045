namespace Microsoft.ML.Data;

/// <summary>An image in memory: rows of pixels of four bytes.</summary>
public sealed class MLImage : IDisposable
{
    private static readonly HashSet<string> _knownExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".astc", ".avif", ".dng", ".heif", ".ktx", ".pkm", ".wbmp", ".webp",
    };

    private PixelBuffer _image;
    private string _tag;

    private MLImage(PixelBuffer image) => _image = image;

    /// <summary>How the bytes of a pixel are ordered.</summary>
    public MLPixelFormat PixelFormat => Image.Format;

    /// <summary>A copy of the colors without alpha: blue, green and red of each pixel.</summary>
    public byte[] GetBGRPixels => Image.ToColors(blueFirst: true);

    /// <summary>The pixels, row by row, four bytes each in the order of <see cref="PixelFormat"/>, colors premultiplied by alpha.</summary>
    public ReadOnlySpan<byte> Pixels => Image.Pixels;

    /// <summary>Whatever the user attaches; the path, where <c>LoadImages</c> made the image.</summary>
    public string Tag
    {
        get
        {
            ThrowIfDisposed();
            return _tag;
        }

        set
        {
            ThrowIfDisposed();
            _tag = value;
        }
    }

    /// <summary>The width in pixels.</summary>
    public int Width => Image.Width;

    /// <summary>The height in pixels.</summary>
    public int Height => Image.Height;

    /// <summary>The bits of a pixel: 32.</summary>
    public int BitsPerPixel
    {
        get
        {
            ThrowIfDisposed();
            return PixelBuffer.BytesPerPixel * 8;
        }
    }

    private PixelBuffer Image
    {
        get
        {
            ThrowIfDisposed();
            return _image;
        }
    }

    /// <summary>Decodes the image that <paramref name="imageStream"/> holds from its position on.</summary>
    /// <exception cref="ArgumentException">The stream holds no image that can be decoded.</exception>
    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using var copy = new MemoryStream();
        imageStream.CopyTo(copy);
        return CreateFromEncoded(copy.GetBuffer().AsSpan(0, (int)copy.Length), "Invalid input stream contents", nameof(imageStream));
    }

    /// <summary>Decodes the image in the file <paramref name="imagePath"/>.</summary>
    /// <exception cref="ArgumentException">There is no such file, or it is no image that can be decoded.</exception>
    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        byte[] encoded;
        try
        {
            encoded = File.ReadAllBytes(imagePath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ArgumentException("Invalid path", nameof(imagePath), exception);
        }

        return CreateFromEncoded(encoded, "Invalid path", nameof(imagePath));
    }

    /// <summary>Makes an image of a copy of <paramref name="imagePixelData"/>: rows of four bytes a pixel.</summary>
    /// <exception cref="ArgumentException">The format is unknown, a size is not positive, or the data are not of that size.</exception>
    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
        {
            throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        }

        if (width <= 0)
        {
            throw new ArgumentException("Invalid width value.", nameof(width));
        }

        if (height <= 0)
        {
            throw new ArgumentException("Invalid height value.", nameof(height));
        }

        if (imagePixelData.Length != (long)width * height * PixelBuffer.BytesPerPixel)
        {
            throw new ArgumentException($"Invalid {nameof(imagePixelData)} buffer size.");
        }

        return new MLImage(new PixelBuffer(width, height, pixelFormat, isOpaque: false, imagePixelData.ToArray()));
    }

    /// <summary>Saves the image to the file <paramref name="imagePath"/>, as PNG or JPEG by its extension.</summary>
    /// <exception cref="ArgumentException">The extension is of no image, or of a format that cannot be written.</exception>
    public void Save(string imagePath)
    {
        ThrowIfDisposed();
        var extension = Path.GetExtension(imagePath);
        if (!_knownExtensions.Contains(extension))
        {
            throw new ArgumentException("Path has invalid image file extension.", nameof(imagePath));
        }

        var encoded = _image.Encode(extension) ?? throw new ArgumentException(
            $"Saving image with the format '{extension}' is not supported. Try save it with `Jpeg` or `Png` format.", nameof(imagePath));
        File.WriteAllBytes(imagePath, encoded);
    }

    /// <summary>Gives the pixels up; every other member then throws.</summary>
    public void Dispose() => _image = null;

    internal static MLImage CreateFromEncoded(ReadOnlySpan<byte> encoded, string message, string paramName) =>
        new(ImageCodec.TryDecode(encoded) ?? throw new ArgumentException(message, paramName));

    internal MLImage CloneWithResizing(int width, int height, ImageResizeMode mode) => new(ImageResampler.Resize(Image, width, height, mode));

    private void ThrowIfDisposed()
    {
        if (_image is null)
        {
            throw new InvalidOperationException("Object is disposed.");
        }
    }
}
