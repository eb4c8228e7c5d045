namespace Microsoft.ML.Dmcp;

/// <summary>
/// A window that need not be square and slides over an image with a padding of its own at every side. In both directions there are
/// ⌊(size + padding before + padding behind − dilation·(side − 1) − 1)/stride⌋ + 1 positions.
/// </summary>
/// <param name="Height">Height in pixels that are read.</param>
/// <param name="Width">Width in pixels that are read.</param>
/// <param name="StrideY">Step downwards.</param>
/// <param name="StrideX">Step to the right.</param>
/// <param name="Top">Padding above the image.</param>
/// <param name="Left">Padding to the left of the image.</param>
/// <param name="Bottom">Padding below the image.</param>
/// <param name="Right">Padding to the right of the image.</param>
/// <param name="DilationY">Distance of two rows that are read.</param>
/// <param name="DilationX">Distance of two columns that are read.</param>
public sealed record SlidingWindow(
    int Height, int Width, int StrideY = 1, int StrideX = 1,
    int Top = 0, int Left = 0, int Bottom = 0, int Right = 0, int DilationY = 1, int DilationX = 1)
{
    /// <summary>A square window with the same padding at all sides.</summary>
    internal static SlidingWindow Square(int side, int stride, int padding) =>
        new(side, side, stride, stride, padding, padding, padding, padding);

    /// <summary>Whether side, stride and padding of one direction say all.</summary>
    internal bool IsSquare => this == Square(Height, StrideY, Top);

    /// <summary>Whether the padding is the same at opposite sides.</summary>
    internal bool IsSymmetric => Top == Bottom && Left == Right;

    /// <summary>Pixels that are read.</summary>
    internal long Area => (long)Height * Width;

    /// <summary>Number of positions in an image of a height; 0 or less when it does not fit.</summary>
    internal long RowsIn(int height) => Positions(height, Height, StrideY, (long)Top + Bottom, DilationY);

    /// <summary>Number of positions in an image of a width; 0 or less when it does not fit.</summary>
    internal long ColumnsIn(int width) => Positions(width, Width, StrideX, (long)Left + Right, DilationX);

    /// <summary>
    /// The same window with as much padding below as above, and to the right as to the left, where that changes no position of an image:
    /// libtorch pads alike at opposite sides, and other padding costs a copy of the image.
    /// </summary>
    internal SlidingWindow Balanced(int height, int width)
    {
        var balanced = this with { Bottom = Top };
        var window = balanced.RowsIn(height) == RowsIn(height) ? balanced : this;
        balanced = window with { Right = Left };
        return balanced.ColumnsIn(width) == window.ColumnsIn(width) ? balanced : window;
    }

    private static long Positions(int size, int side, int stride, long padding, int dilation)
    {
        var room = size + padding - (long)dilation * (side - 1) - 1;
        return room < 0 ? 0 : room / stride + 1;
    }
}
