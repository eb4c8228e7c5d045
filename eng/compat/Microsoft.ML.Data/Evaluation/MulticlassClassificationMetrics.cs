using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How well a multiclass model does.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(IHost host, MulticlassCounts counts, int topK, ReadOnlyMemory<char>[] classNames)
    {
        MicroAccuracy = counts.MicroAccuracy;
        MacroAccuracy = counts.MacroAccuracy;
        LogLoss = counts.LogLoss;
        LogLossReduction = counts.LogLossReduction;
        TopKPredictionCount = topK;
        if (topK > 0)
        {
            TopKAccuracyForAllK = counts.TopKAccuracies(topK).ToImmutableArray();
        }

        PerClassLogLoss = counts.PerClassLogLoss.ToImmutableArray();
        ConfusionMatrix = new ConfusionMatrix(host, counts.Confusion, classNames);
    }

    public double LogLoss { get; }

    public double LogLossReduction { get; private set; }

    public double MacroAccuracy { get; }

    public double MicroAccuracy { get; }

    public double TopKAccuracy => TopKAccuracyForAllK?.LastOrDefault() ?? 0;

    public int TopKPredictionCount { get; }

    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
