namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>Weights that the authors' release saved (.pth), of a network of its config files.</summary>
/// <param name="config">The config file.</param>
/// <param name="pipeline">The images.</param>
/// <param name="path">The file.</param>
internal sealed class ReleaseStateDict(ReleaseConfig config, ReleasePipeline pipeline, string path)
{
    /// <summary>Measures the trained network.</summary>
    /// <param name="widths">The channel config that it was trained at.</param>
    /// <param name="classes">Names of the classes.</param>
    public MeasuredAccuracy Evaluate(ChannelConfig widths, IReadOnlyList<string> classes)
    {
        using var network = pipeline.Context.Model.LoadStateDict(path, config.Architecture, widths, classes);
        return pipeline.Measure(network);
    }

    /// <summary>Measures the shared weights of a search at the widths that the config names.</summary>
    /// <param name="cancellation">Ends the measurement.</param>
    public IReadOnlyList<MeasuredAccuracy> EvaluateSearch(CancellationToken cancellation)
    {
        var network = PyTorchNetwork.Load(path, config.Architecture);
        if (network.Classes != config.Classes)
            throw config.NumberOfClasses.Problem($"is {config.Classes}; the weights of '{path}' are for {network.Classes ?? 0} classes.");
        var folder = Directory.CreateTempSubdirectory("dmcp");
        try
        {
            var weights = Path.Combine(folder.FullName, "release.weights");
            network.SaveWeights(weights);
            return pipeline.MeasureShared(weights, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
