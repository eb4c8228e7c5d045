namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>What the threads that compute a convolution share.</summary>
internal unsafe struct DirectJob
{
    /// <summary>What to do.</summary>
    public DirectStep Step;

    /// <summary>Whether values are bfloat16 rather than 32-bit numbers.</summary>
    public bool IsBFloat16;

    /// <summary>Into how many parts the work is cut.</summary>
    public int Chunks;

    /// <summary>Which pixels are read.</summary>
    public DirectTap* Taps;

    /// <summary>Number of taps.</summary>
    public int TapCount;

    /// <summary>Sizes.</summary>
    public nint Images, Channels, Filters, InputPixels, OutputPixels, Parts;

    /// <summary>How far apart two filters lie in memory, and two parts of one.</summary>
    public nint FilterStride, PartStride;

    /// <summary>[images, pixels, channels] and [images, pixels, filters], or their gradients.</summary>
    public void* Input, Output;

    /// <summary>[filters, parts, channels], or its gradient.</summary>
    public float* Weights;

    /// <summary>
    /// The images, [pixels, channels, <see cref="PaddedTo"/> 16], or [images, <see cref="InputRow"/>]; the gradient of the results,
    /// [<see cref="PaddedTo"/> 8, <see cref="OutputRow"/>]. All are 32-bit numbers.
    /// </summary>
    public float* InputCopy, OutputCopy;

    /// <summary>Room of every chunk.</summary>
    public float* Scratch;

    /// <summary>Numbers of a chunk's room.</summary>
    public nint ScratchOfChunk;

    /// <summary>Distance of images: rows of a power of two would share the same lines of the caches.</summary>
    public readonly nint InputRow => InputPixels * Channels + ProductTile.Unit;

    /// <summary>Distance of results.</summary>
    public readonly nint OutputRow => OutputPixels * Filters + ProductTile.Unit;

    /// <summary>Numbers of a filter.</summary>
    public readonly nint FilterLength => Parts * Channels;

    /// <summary>Images, and images of zeros up to a multiple.</summary>
    public readonly nint PaddedTo(nint multiple) => Multiples.PaddedTo(Images, multiple);
}
