using Microsoft.ML.Dmcp.AutoML.Planning;

namespace Microsoft.ML.Dmcp;

/// <summary>What an experiment has found so far.</summary>
public sealed class DmcpExperimentResult
{
    internal DmcpExperimentResult(string name, IReadOnlyList<DmcpTrial> trials, DmcpMetric metric)
    {
        Name = name;
        OptimizingMetric = metric;
        RunDetails = trials.Where(t => t.Method != DmcpTrialMethod.SharedWeights).ToArray();
        SharedWeights = trials.Where(t => t.Method == DmcpTrialMethod.SharedWeights).ToArray();
        ParetoFront = Front.Of(RunDetails, metric);
        BestRun = RunDetails.Where(t => t.ValidationMetrics is not null)
            .OrderByDescending(t => t.ValidationMetrics!.QualityOf(metric)).ThenBy(t => t.Cost).ThenBy(t => t.Number).FirstOrDefault();
    }

    /// <summary>Name of the experiment in its store.</summary>
    public string Name { get; }

    /// <summary>What decides between models.</summary>
    public DmcpMetric OptimizingMetric { get; }

    /// <summary>All trials in the order of their numbers.</summary>
    public IReadOnlyList<DmcpTrial> RunDetails { get; }

    /// <summary>The trainings of shared weights.</summary>
    public IReadOnlyList<DmcpTrial> SharedWeights { get; }

    /// <summary>
    /// The completed trials that no other one beats in both cost and <see cref="OptimizingMetric"/>, from the cheapest on.
    /// </summary>
    public IReadOnlyList<DmcpTrial> ParetoFront { get; }

    /// <summary>
    /// The completed trial that is best by the <see cref="OptimizingMetric"/>, whatever it costs; null while there is none.
    /// </summary>
    public DmcpTrial? BestRun { get; }
}
