namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>A network that was pruned and trained, with what it costs and how well it does.</summary>
internal sealed record PruneResult
{
    public required string Network { get; init; }

    public required string Method { get; init; }

    public string? Budget { get; init; }

    public required double MFlops { get; init; }

    public required double UnprunedMFlops { get; init; }

    public required double MParameters { get; init; }

    public required double UnprunedMParameters { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>Of the given network after its training on the images; null where there is none.</summary>
    public double? UnprunedAccuracy { get; init; }

    public required int HeldOutImages { get; init; }

    /// <summary>One image in ONNX Runtime on one thread.</summary>
    public required double Milliseconds { get; init; }

    public required double UnprunedMilliseconds { get; init; }

    public required string Folder { get; init; }

    /// <summary>The result for people.</summary>
    public override string ToString() => string.Join('\n', (string[])
    [
        FormattableString.Invariant($"{Network} by {Method}{(Budget is null ? "" : $", budget of {Budget}")}"),
        Line("MFLOPs", UnprunedMFlops, MFlops, "0.00"),
        Line("M parameters", UnprunedMParameters, MParameters, "0.000"),
        Line("ms an image", UnprunedMilliseconds, Milliseconds, "0.000"),
        FormattableString.Invariant($"accuracy      {100 * Accuracy:0.0} % of {HeldOutImages} held-out images")
            + (UnprunedAccuracy is { } before ? FormattableString.Invariant($" ({100 * before:0.0} % before pruning)") : ""),
        $"results in    {Folder}: model.zip, model.onnx, config.json, report.html",
    ]);

    private static string Line(string name, double before, double after, string format)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        var share = (100 * after / before).ToString("0.0", invariant);
        return $"{name,-12}  {before.ToString(format, invariant)} -> {after.ToString(format, invariant)} ({share} %)";
    }
}
