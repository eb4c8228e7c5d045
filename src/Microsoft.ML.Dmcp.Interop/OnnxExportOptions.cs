namespace Microsoft.ML.Dmcp;

/// <summary>How a pruned network is written as ONNX.</summary>
public sealed class OnnxExportOptions
{
    internal const int OldestOpset = 12, NewestOpset = 21;

    // From here on weights can have a scale for every channel.
    private const int OldestInt8Opset = 13;

    /// <summary>Version of ONNX's operators, 12 to 21. Default 17.</summary>
    public int Opset = 17;

    /// <summary>
    /// Whether the graph subtracts the mean and divides by the deviation of the training images, and so reads pixels as they are (0 to 255
    /// for images). Default true; false for a reader that does so before.
    /// </summary>
    public bool NormalizePixels = true;

    /// <summary>Whether the scores are probabilities, as the model's Score column. Default true; false for logits.</summary>
    public bool Softmax = true;

    /// <summary>
    /// Whether a batch norm that follows a convolution becomes part of its weights. Default true; false keeps every layer as a node of its
    /// own, for tools that quantise or train further.
    /// </summary>
    public bool FoldBatchNorm = true;

    /// <summary>Name of the graph's input. Default "pixels".</summary>
    public string InputName = "pixels";

    /// <summary>Name of the graph's output. Default "scores".</summary>
    public string OutputName = "scores";

    /// <summary>
    /// Name of a second output for the features behind the scores, [N, features], as of
    /// <see cref="PrunedRetrainOptions.EmbeddingColumnName"/>. Default null, for none.
    /// </summary>
    public string? EmbeddingName;

    /// <summary>
    /// Some hundred rows of the training data, for a file in 8 bits: a quarter of the size, and faster where a processor multiplies bytes.
    /// They go through the transforms of the model, so they need the columns that it reads, the label's too. The graph is quantised
    /// statically (QDQ): values are bytes (uint8) between the lowest and the highest that the network gives for these images, weights int8,
    /// symmetric, with a scale for every output channel; the scores stay floats. Needs opset 13 and folded batch norms. Default null, for
    /// float32.
    /// </summary>
    public IDataView? CalibrationSet;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(Opset is >= OldestOpset and <= NewestOpset, nameof(Opset), Opset, $"one from {OldestOpset} to {NewestOpset}");
        RequireName(InputName, nameof(InputName), []);
        RequireName(OutputName, nameof(OutputName), [InputName]);
        if (EmbeddingName is not null)
            RequireName(EmbeddingName, nameof(EmbeddingName), [InputName, OutputName]);
        if (CalibrationSet is null)
            return;
        Require(Opset >= OldestInt8Opset, nameof(Opset), Opset, $"one from {OldestInt8Opset} to {NewestOpset} with a CalibrationSet");
        Require(FoldBatchNorm, nameof(FoldBatchNorm), FoldBatchNorm, "true with a CalibrationSet: batch norms are quantised as weights");
    }

    private static void RequireName(string? name, string option, IEnumerable<string> others) =>
        Require(!string.IsNullOrWhiteSpace(name) && !others.Contains(name), option, $"'{name}'", "a name that no other option has");

    private static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; needed is {needed}."));
    }
}
