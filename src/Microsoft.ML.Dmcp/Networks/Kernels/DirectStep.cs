namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>What the kernels of a convolution do one after another.</summary>
internal enum DirectStep
{
    /// <summary>Brings the images into the order [pixels, channels, images].</summary>
    Columns,

    /// <summary>The result, of images in that order.</summary>
    Forward,

    /// <summary>Copies values of every image to rows of 32-bit numbers.</summary>
    Rows,

    /// <summary>The gradient of the images from every thread's filters.</summary>
    InputGradients,

    /// <summary>The sum of these.</summary>
    InputGradient,

    /// <summary>The gradient of the weights.</summary>
    WeightGradient,
}
