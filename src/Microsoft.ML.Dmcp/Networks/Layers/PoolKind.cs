namespace Microsoft.ML.Dmcp;

/// <summary>What a pooling window computes.</summary>
public enum PoolKind
{
    /// <summary>The maximum of the window.</summary>
    Max,

    /// <summary>The mean of the window, padding counted in.</summary>
    Average,

    /// <summary>The mean of the pixels in the window that are the image's.</summary>
    AverageOfImage,
}
