using Microsoft.ML.Dmcp;

namespace Microsoft.ML;

/// <summary>AutoML experiments of pruned image classifiers: extension methods of ML.NET's catalogs.</summary>
public static class DmcpAutoMLCatalog
{
    /// <summary>
    /// An experiment that finds the best pruned networks along the front of accuracy against cost. The counterpart of
    /// <c>mlContext.Auto().CreateMulticlassClassificationExperiment(settings)</c> of ML.NET's AutoML.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="settings">Time, budgets, networks, methods, and where trials are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A setting is out of its range; the message names it, its value and the range.
    /// </exception>
    /// <exception cref="FileNotFoundException">The file of weights of a network does not exist.</exception>
    public static DmcpExperiment CreateDmcpExperiment(this MulticlassClassificationCatalog catalog, DmcpExperimentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(settings);
        return new DmcpExperiment(catalog, settings);
    }

    /// <summary>An experiment with the usual settings and a time limit.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="maxExperimentTimeInSeconds">Longest time that one <c>Execute</c> works.</param>
    public static DmcpExperiment CreateDmcpExperiment(this MulticlassClassificationCatalog catalog, uint maxExperimentTimeInSeconds) =>
        catalog.CreateDmcpExperiment(new DmcpExperimentSettings { MaxExperimentTime = TimeSpan.FromSeconds(maxExperimentTimeInSeconds) });
}
