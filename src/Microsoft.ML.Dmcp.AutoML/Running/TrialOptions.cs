using System.Globalization;
using Microsoft.ML.Dmcp.AutoML.Data;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>Makes the options of every search and training of an experiment.</summary>
/// <param name="settings">Of the experiment; checked.</param>
/// <param name="images">What is trained on.</param>
internal sealed class TrialOptions(DmcpExperimentSettings settings, ExperimentImages images)
{
    /// <summary>The user's options, on the images of the experiment.</summary>
    public T Begin<T>(int seed, TrialLease lease, string checkpoint, int epochs) where T : TrainingOptions, new()
    {
        var options = Configured<T>(settings);
        options.NumberOfEpochs = epochs;
        options.Seed = seed;
        options.CheckpointPath = checkpoint;
        options.CancellationToken = lease.Token;
        options.LabelColumnName = images.LabelColumn;
        options.FeatureColumnName = images.FeatureColumn;
        options.VectorLayout = images.Layout;
        options.ImageHeight = images.Training.Shape.Height;
        options.ImageWidth = images.Training.Shape.Width;
        return options;
    }

    /// <summary>The widths that all searches of a network have, so that they share weights and α: those of the smallest budget.</summary>
    public WidthRange WidthsOf(DmcpNetwork network)
    {
        var options = Configured<DmcpSearchOptions>(settings);
        (options.Budget, options.WeightsPath) = (settings.Axis.Find(settings.Axis.Smallest)!, network.WeightsPath);
        return options.RangeFor(images.Describe(network.Architecture));
    }

    /// <summary>Options as the user wants them.</summary>
    public static T Configured<T>(DmcpExperimentSettings settings) where T : TrainingOptions, new()
    {
        var options = new T();
        settings.ConfigureTraining?.Invoke(options);
        options.MetricsCallback = null;
        return options;
    }

    /// <summary>What decides the results of trainings, as text.</summary>
    public IEnumerable<(string Name, string Value)> ToSettings()
    {
        yield return ("budgets", settings.Axis.ToString());
        yield return ("methods", string.Join(", ", settings.Methods.Order()));
        yield return ("seeds", string.Join(", ", settings.Seeds.Select(s => s.ToString(CultureInfo.InvariantCulture))));
        yield return ("epochs", string.Create(CultureInfo.InvariantCulture,
            $"{settings.SharedEpochs} of shared weights, {settings.SearchEpochs} of a search, {settings.TrainingEpochs} of a training"));
        yield return ("early stopping", settings.StopEarly ? "on" : "off");
        yield return ("retraining", settings.RetrainMethod?.ToString() ?? "as the weights suit");
        foreach (var (name, value) in Configured<PrunedRetrainOptions>(settings).ToSettings().Where(s => s.Key != "epochs"))
            yield return ($"training {name}", value);
        foreach (var (name, value) in Configured<DmcpSearchOptions>(settings).ToSettings().Where(s => s.Key is not ("epochs" or "budget")))
            yield return ($"search {name}", value);
    }
}
