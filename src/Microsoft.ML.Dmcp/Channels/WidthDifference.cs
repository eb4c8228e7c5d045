namespace Microsoft.ML.Dmcp;

/// <summary>One layer in two channel configs (Fig. 5 of the paper).</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Width">Width of its output in this config, in channels.</param>
/// <param name="OtherWidth">Width of its output in the other config.</param>
public sealed record WidthDifference(string Layer, int Width, int OtherWidth)
{
    /// <summary>Channels that this config has more than the other; below 0 where it has fewer.</summary>
    public int Difference => Width - OtherWidth;
}
