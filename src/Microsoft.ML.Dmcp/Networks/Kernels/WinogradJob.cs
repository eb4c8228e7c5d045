namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>What the threads that compute a convolution with <see cref="Winograd"/> share.</summary>
internal unsafe struct WinogradJob
{
    /// <summary>Filters of a panel: two vector registers.</summary>
    public const int Panel = 2 * ProductTile.Unit;

    /// <summary>What to do.</summary>
    public WinogradStep Step;

    /// <summary>Whether values are bfloat16 rather than 32-bit numbers.</summary>
    public bool IsBFloat16;

    /// <summary>
    /// Whether the results are gradients of the images. Then <see cref="Channels"/> are the convolution's filters,
    /// <see cref="Filters"/> its channels, and the filters are turned around.
    /// </summary>
    public bool IsTurned;

    /// <summary>How many threads share the work, and the next unit that one may take.</summary>
    public int Chunks, Next;

    /// <summary>Sizes.</summary>
    public nint Images, Channels, Filters, Height, Width, OutputHeight, OutputWidth;

    /// <summary>Padding.</summary>
    public nint Top, Left;

    /// <summary>Tiles on the sides of an image's results.</summary>
    public nint TilesY, TilesX;

    /// <summary>Tiles of a block, a multiple of 8; blocks; parts into which the filters are cut.</summary>
    public nint BlockTiles, Blocks, Groups;

    /// <summary>How far apart two filters lie in memory, and two parts of one.</summary>
    public nint FilterStride, PartStride;

    /// <summary>[images, height, width, channels] and [images, height, width, filters], or their gradients.</summary>
    public void* Input, Output;

    /// <summary>[filters, parts, channels], or its gradient.</summary>
    public float* Weights;

    /// <summary>Transformed weights, panel by panel, [36, channels, filters]; null where a panel is transformed when needed.</summary>
    public float* Products;

    /// <summary>Room of every chunk.</summary>
    public float* Scratch;

    /// <summary>Numbers of a chunk's room.</summary>
    public nint ScratchOfChunk;

    /// <summary>Tiles of all images.</summary>
    public readonly nint Tiles => Images * TilesY * TilesX;

    /// <summary>Panels of filters.</summary>
    public readonly nint Panels => Multiples.Units(Filters, Panel);

    /// <summary>Transformed weights of a panel.</summary>
    public readonly nint PanelProducts => Winograd.Products * (Channels * Panel + ProductTile.Unit);

    /// <summary>Filters of the largest group.</summary>
    public readonly nint GroupFilters => Multiples.Units(Filters / ProductTile.Rows, Groups) * ProductTile.Rows;

    /// <summary>Distance of rows of numbers: rows of a power of two would share the same lines of the caches.</summary>
    public static nint Row(nint numbers) => numbers + ProductTile.Unit;

    /// <summary>Distance of two products of a block.</summary>
    public readonly nint BlockOf(nint row) => BlockTiles * row + ProductTile.Unit;
}
