using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>The results of a run, in the folders of the release: <c>results/DMCPResNet18_900_112813/model_sample/expected_ch</c>.</summary>
/// <param name="Root">The folder.</param>
internal sealed record ResultFolder(string Root)
{
    private const string Checkpoints = "checkpoints";

    /// <summary>The network with shared weights and α: what an interrupted search goes on from.</summary>
    public string SearchCheckpoint => Path.Combine(Root, Checkpoints, "search.ckpt");

    /// <summary>The finished search, from which structures are drawn.</summary>
    public string SearchModel => Path.Combine(Root, Checkpoints, "search.zip");

    /// <summary>What an interrupted training goes on from.</summary>
    public string TrainingCheckpoint => Path.Combine(Root, Checkpoints, "train.ckpt");

    /// <summary>The trained network, as ML.NET loads it.</summary>
    public string Model => Path.Combine(Root, Checkpoints, "model.zip");

    /// <summary>Curves for TensorBoard.</summary>
    public string Events => Path.Combine(Root, "events");

    /// <summary>A line an epoch.</summary>
    public string Log => Path.Combine(Root, "log.txt");

    /// <summary>What drawn structures cost.</summary>
    public string Statistics => Path.Combine(Root, "statistics.json");

    /// <summary>The widths of expected sampling.</summary>
    public string Expected => Structure("expected_ch");

    /// <summary>A drawn structure.</summary>
    /// <param name="number">From 1.</param>
    public string Sample(int number) => Structure(FormattableString.Invariant($"sample_{number}"));

    /// <summary>A new folder, named as the release names it for the month, day and hour.</summary>
    /// <param name="savePath">The folder of all results.</param>
    /// <param name="type">The network.</param>
    /// <param name="flops">The target as it was typed.</param>
    /// <param name="now">The time.</param>
    public static ResultFolder New(string savePath, string type, string flops, DateTime now) =>
        new(Path.Combine(savePath, $"{type}_{flops}_{now.ToString("MMddHH", CultureInfo.InvariantCulture)}"));

    /// <summary>The folder that a user names, by itself or by a file of its checkpoints.</summary>
    /// <exception cref="DirectoryNotFoundException">It is no results folder.</exception>
    public static ResultFolder At(string path)
    {
        var folder = File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;
        if (Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) == Checkpoints)
            folder = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder)))!;
        return Directory.Exists(Path.Combine(folder, Checkpoints)) ? new ResultFolder(folder)
            : throw new DirectoryNotFoundException($"'{path}' is no results folder: it has no folder '{Checkpoints}'. "
                + "Name one that 'dmcp train' made, such as results/DMCPResNet18_900_112813.");
    }

    /// <summary>The newest folder with a file that is needed; null where there is none.</summary>
    public static ResultFolder? Newest(string savePath, string type, Func<ResultFolder, string> needed) =>
        !Directory.Exists(savePath) ? null : Directory.GetDirectories(savePath, type + "_*")
            .Select(d => new ResultFolder(d))
            .Where(f => File.Exists(needed(f)))
            .MaxBy(f => File.GetLastWriteTimeUtc(needed(f)));

    /// <summary>Writes a structure as the release reads it, and as channel config.</summary>
    public static void Save(string folder, ChannelConfig config, NetworkDescription network)
    {
        Directory.CreateDirectory(folder);
        config.SaveAsDmcpRelease(Path.Combine(folder, "sample.npy"), network);
        config.Save(Path.Combine(folder, "config.json"));
    }

    private string Structure(string name) => Path.Combine(Root, "model_sample", name);
}
