namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>What happens to the channels between the passes over their values: sums become factors, in 64 bits.</summary>
internal static unsafe class NormFactors
{
    /// <summary>Takes the first pixel for the mean, so that little is lost when sums of squares are subtracted.</summary>
    public static void Guess(in NormJob job, in NormLayout layout)
    {
        for (var c = 0; c < layout.Channels; c++)
        {
            var first = job.IsBFloat16 ? BitConverter.UInt32BitsToSingle((uint)((ushort*)job.X)[c] << 16) : ((float*)job.X)[c];
            Fill(job.Mean, layout, c, first);
        }
    }

    /// <summary>Mean, 1/σ, scale and shift from the sums; the moments enter the running statistics.</summary>
    /// <param name="job">With the sums.</param>
    /// <param name="scale">γ, [C].</param>
    /// <param name="shift">β, [C].</param>
    /// <param name="settings">Layout, ε and the weight of the batch in the running statistics.</param>
    /// <param name="runningMean">[C], or null.</param>
    /// <param name="runningVariance">[C], or null.</param>
    public static void Normalize(
        in NormJob job, float* scale, float* shift, NormSettings settings, float* runningMean, float* runningVariance)
    {
        var layout = settings.Layout;
        double values = layout.Values;
        for (var c = 0; c < layout.Channels; c++)
        {
            var (sum, squares) = Totals(job, layout, c);
            var mean = job.Mean[c] + sum / values;
            var variance = Math.Max(0, squares / values - sum / values * (sum / values));
            var inverse = 1 / Math.Sqrt(variance + settings.Epsilon);
            Fill(job.Mean, layout, c, mean);
            Fill(job.Inverse, layout, c, inverse);
            Fill(job.Scale, layout, c, scale[c] * inverse);
            Fill(job.Shift, layout, c, shift[c] - mean * scale[c] * inverse);
            if (runningMean is null)
                continue;
            Enter(ref runningMean[c], mean, settings.Momentum);
            Enter(ref runningVariance[c], variance * values / (values - 1), settings.Momentum);
        }
    }

    /// <summary>Slope and constant of the gradient of the values from the sums, and the gradients of scale and shift.</summary>
    /// <param name="job">With the sums.</param>
    /// <param name="layout">Of its values.</param>
    /// <param name="ofScale">dγ, [C].</param>
    /// <param name="ofShift">dβ, [C].</param>
    public static void Differentiate(in NormJob job, in NormLayout layout, float* ofScale, float* ofShift)
    {
        double values = layout.Values;
        for (var c = 0; c < layout.Channels; c++)
        {
            var (sum, products) = Totals(job, layout, c);
            double inverse = job.Inverse[c], scale = job.Scale[c];
            ofShift[c] = (float)sum;
            ofScale[c] = (float)(products * inverse);
            Fill(job.Slope, layout, c, -scale * inverse * inverse * products / values);
            Fill(job.Constant, layout, c, -scale * sum / values);
        }
    }

    private static void Enter(ref float running, double batch, double momentum) =>
        running = (float)((1 - momentum) * running + momentum * batch);

    /// <summary>Both sums of a channel, over all chunks and pixels of a row.</summary>
    private static (double First, double Second) Totals(in NormJob job, in NormLayout layout, int channel)
    {
        var (first, second) = (0.0, 0.0);
        var columns = layout.Columns;
        for (var chunk = 0; chunk < layout.Chunks; chunk++)
        {
            var sums = job.Sums + chunk * NormJob.SumsOfChunk * (long)columns;
            for (var i = channel; i < columns; i += layout.Channels)
            {
                first += sums[i];
                second += sums[columns + i];
            }
        }
        return (first, second);
    }

    /// <summary>Gives all columns of a channel a number.</summary>
    private static void Fill(float* columns, in NormLayout layout, int channel, double number)
    {
        for (var i = channel; i < layout.Columns; i += layout.Channels)
            columns[i] = (float)number;
    }
}
