using Microsoft.ML.Data;

namespace Dmcp.Quickstart;

/// <summary>What the saved model says of an image.</summary>
internal sealed class Prediction
{
    public float[] Score { get; set; } = [];

    /// <summary>The likeliest class, counted from 1; 0 if there was no image.</summary>
    [KeyType(uint.MaxValue)]
    public uint PredictedLabel { get; set; }
}
