namespace Microsoft.ML.Dmcp;

/// <summary>
/// A learning rate that rises linearly from <see cref="WarmUpFrom"/> to <see cref="Peak"/> and falls by a cosine to <see cref="Final"/>.
/// </summary>
/// <param name="Peak">Highest learning rate.</param>
/// <param name="Final">Learning rate at the end.</param>
/// <param name="WarmUpFrom">Learning rate at the start of the rise.</param>
/// <param name="WarmUpShare">Share of all iterations in which it rises, in [0, 1).</param>
public sealed record LearningRateSchedule(double Peak, double Final = 0, double WarmUpFrom = 0, double WarmUpShare = 0)
{
    /// <summary>The learning rate of an iteration.</summary>
    /// <param name="iteration">From 0.</param>
    /// <param name="total">Iterations of the run.</param>
    public double At(long iteration, long total)
    {
        var warmUp = (long)(WarmUpShare * total);
        if (iteration < warmUp)
            return WarmUpFrom + (Peak - WarmUpFrom) * (iteration + 1) / warmUp;
        var progress = (double)(iteration - warmUp) / Math.Max(1, total - warmUp);
        return Final + (Peak - Final) * (1 + Math.Cos(Math.PI * progress)) / 2;
    }

    internal void Check(string name)
    {
        // Computed with in 32 bits.
        var areRates = Peak is > 0 and <= float.MaxValue && Final >= 0 && Final <= Peak && WarmUpFrom >= 0 && WarmUpFrom <= Peak;
        if (!(areRates && WarmUpShare is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(name, ToString(),
                $"The learning rates {this} cannot be; needed are 0 ≤ Final ≤ Peak, 0 ≤ WarmUpFrom ≤ Peak, " +
                "0 < Peak ≤ 3.4e38 and a WarmUpShare in [0, 1).");
    }
}
