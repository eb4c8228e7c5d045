using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>The files of a pruned network.</summary>
/// <param name="Root">Their folder.</param>
internal sealed record PrunedFiles(string Root)
{
    public string Model => Path.Combine(Root, "model.zip");

    public string Onnx => Path.Combine(Root, "model.onnx");

    public string Config => Path.Combine(Root, "config.json");

    public string Report => Path.Combine(Root, "report.html");

    public string Result => Path.Combine(Root, "result.json");

    /// <summary>The measured latency table of the unpruned network.</summary>
    public string Latencies => Path.Combine(Checkpoints, "latencies.json");

    /// <summary>The weights that a given network begins with.</summary>
    public string Imported => Path.Combine(Checkpoints, "imported.weights");

    /// <summary>The given network, trained on the images before it is pruned.</summary>
    public string Whole => Path.Combine(Checkpoints, "whole.ckpt");

    public string Search => Path.Combine(Checkpoints, "search.ckpt");

    public string Training => Path.Combine(Checkpoints, "train.ckpt");

    private string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>The files in a folder, which is made with the first of them.</summary>
    /// <exception cref="ToolException">A file of this name is there.</exception>
    public static PrunedFiles In(string root) => File.Exists(root)
        ? throw new ToolException($"--output is '{root}', which is a file; needed is a folder.")
        : new PrunedFiles(root);
}
