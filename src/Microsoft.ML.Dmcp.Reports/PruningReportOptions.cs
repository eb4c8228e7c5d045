namespace Microsoft.ML.Dmcp;

/// <summary>Options of a <see cref="PruningReport"/>.</summary>
public sealed class PruningReportOptions
{
    /// <summary>Title of the page. Default null, for one that names the network.</summary>
    public string? Title;

    /// <summary>
    /// The search that the network was trained from, where the model does not hold it. Default null: that of the model, if there is one.
    /// </summary>
    public ChannelSearchTransformer? Search;

    /// <summary>Name of the column of classes in the held-out data: a key, or text. Default "Label".</summary>
    public string LabelColumnName = "Label";

    /// <summary>Times of layers, from which that of the network follows. Default null, for those of the budget if it has some.</summary>
    public LatencyTable? LatencyTable;

    /// <summary>A time that was measured. Default null, for none.</summary>
    public MeasuredLatency? MeasuredLatency;

    /// <summary>How many of the most confident errors are shown. Default 24.</summary>
    public int NumberOfErrors = 24;

    /// <summary>Name of the saved model, for the lines that load it. Default "model.zip".</summary>
    public string ModelFile = "model.zip";

    /// <summary>Name of the network's ONNX file, for the lines that load it. Default "model.onnx".</summary>
    public string OnnxFile = "model.onnx";

    /// <summary>Stops the reading of the held-out images.</summary>
    public CancellationToken CancellationToken;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(LabelColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(ModelFile);
        ArgumentException.ThrowIfNullOrWhiteSpace(OnnxFile);
        if (NumberOfErrors is < 0 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(NumberOfErrors), NumberOfErrors,
                $"NumberOfErrors is {NumberOfErrors}; needed is a number in [0, 1000]: every one is a picture in the page.");
        foreach (var time in (double?[])[MeasuredLatency?.Milliseconds, MeasuredLatency?.UnprunedMilliseconds])
            if (time is { } t && !(t > 0 && double.IsFinite(t)))
                throw new ArgumentOutOfRangeException(nameof(MeasuredLatency), t,
                    FormattableString.Invariant($"A measured latency of {t} ms cannot be; needed is a positive number."));
    }
}
