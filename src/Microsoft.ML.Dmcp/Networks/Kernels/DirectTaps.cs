namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>Which pixels of a small image a convolution reads. Padding is not read at all.</summary>
internal sealed class DirectTaps
{
    // Beyond that, values outgrow the caches, and libtorch's convolutions are as fast.
    private const int MostPixels = 16;

    private DirectTaps(int height, int width, int outputHeight, int outputWidth, int parts, List<DirectTap> taps)
    {
        (Height, Width, OutputHeight, OutputWidth, Parts) = (height, width, outputHeight, outputWidth, parts);
        ByOutput = [.. taps];
        ByPart = [.. taps.OrderBy(tap => tap.Part)];
    }

    /// <summary>Size of the image.</summary>
    public int Height { get; }

    /// <summary>Size of the image.</summary>
    public int Width { get; }

    /// <summary>Size of the result.</summary>
    public int OutputHeight { get; }

    /// <summary>Size of the result.</summary>
    public int OutputWidth { get; }

    /// <summary>Parts of a filter: pixels that it reads.</summary>
    public int Parts { get; }

    /// <summary>Sorted by the pixels of the result, all of which occur.</summary>
    public DirectTap[] ByOutput { get; }

    /// <summary>Sorted by the parts of the filter, all of which occur.</summary>
    public DirectTap[] ByPart { get; }

    /// <summary>The taps of a window in an image; null where the image is large, or some pixel or part has none.</summary>
    public static DirectTaps? Of(SlidingWindow window, int height, int width)
    {
        if ((long)height * width > MostPixels)
            return null;
        var (rows, columns) = ((int)window.RowsIn(height), (int)window.ColumnsIn(width));
        if ((long)rows * columns > MostPixels)
            return null;
        var taps = new List<DirectTap>();
        for (var output = 0; output < rows * columns; output++)
        {
            for (var part = 0; part < window.Area; part++)
            {
                var y = output / columns * window.StrideY - window.Top + part / window.Width * window.DilationY;
                var x = output % columns * window.StrideX - window.Left + part % window.Width * window.DilationX;
                if (y >= 0 && y < height && x >= 0 && x < width)
                    taps.Add(new DirectTap(output, y * width + x, part));
            }
        }
        return taps.DistinctBy(tap => tap.Output).Count() == rows * columns && taps.DistinctBy(tap => tap.Part).Count() == window.Area
            ? new DirectTaps(height, width, rows, columns, (int)window.Area, taps)
            : null;
    }
}
