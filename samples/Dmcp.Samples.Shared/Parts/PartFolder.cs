using System.Globalization;
using System.Text.Json;

namespace Dmcp.Samples.Shared;

/// <summary>The folder in which parts keep results, channel configs, checkpoints and plots.</summary>
public sealed class PartFolder
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Opens a folder, made if missing, for runs of the given settings.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="settings">What decides the results; a folder with results of other settings is refused.</param>
    /// <exception cref="InvalidOperationException">The folder holds results of other settings; the message shows both.</exception>
    public PartFolder(string path, object settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Path = path;
        foreach (var inner in (string[])["results", "configs", "plots", "checkpoints"])
            Directory.CreateDirectory(System.IO.Path.Combine(path, inner));
        var file = System.IO.Path.Combine(path, "settings.json");
        var text = JsonSerializer.Serialize(settings, Json);
        if (!File.Exists(file))
            WholeFile.Write(file, text);
        else if (File.ReadAllText(file) is var there && there != text)
            throw new InvalidOperationException(
                $"'{path}' holds results of other settings: give another --output, or the same settings again.\n"
                + $"There: {there}\nHere: {text}");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>File of a part's result.</summary>
    public string ResultFile(Part part) => FileOf("results", part, ".json");

    /// <summary>File of a part's checkpoint.</summary>
    public string CheckpointFile(Part part) => FileOf("checkpoints", part, "");

    /// <summary>File of a channel config that a part found.</summary>
    /// <param name="part">The part.</param>
    /// <param name="structure">Which of its configs.</param>
    public string ConfigFile(Part part, string structure) => FileOf("configs", part, $".{structure}.json");

    /// <summary>File of a plot.</summary>
    public string PlotFile(string name) => System.IO.Path.Combine(Path, "plots", name + ".svg");

    /// <summary>Whether a part is done.</summary>
    public bool IsDone(Part part) => File.Exists(ResultFile(part));

    /// <summary>The result of a part; null while it is not done.</summary>
    public T? ResultOf<T>(Part part)
        where T : class => IsDone(part) ? JsonSerializer.Deserialize<T>(File.ReadAllText(ResultFile(part))) : null;

    /// <summary>Seconds that earlier attempts at a part took, which were stopped and from whose checkpoint it resumes.</summary>
    public double SecondsBefore(Part part)
    {
        var file = SecondsFile(part);
        return File.Exists(file) ? double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Keeps how long an attempt at a part took that was stopped.</summary>
    public void AddSeconds(Part part, double seconds)
    {
        var sum = SecondsBefore(part) + seconds;
        WholeFile.Write(SecondsFile(part), sum.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Keeps the result of a part that is done; its checkpoint goes unless another part needs it.</summary>
    public void Keep(Part part, object result)
    {
        ArgumentNullException.ThrowIfNull(part);
        WholeFile.Write(ResultFile(part), JsonSerializer.Serialize(result, Json));
        File.Delete(SecondsFile(part));
        if (!part.KeepsCheckpoint)
            File.Delete(CheckpointFile(part));
    }

    private string SecondsFile(Part part) => FileOf("checkpoints", part, ".seconds");

    private string FileOf(string folder, Part part, string ending)
    {
        ArgumentNullException.ThrowIfNull(part);
        return System.IO.Path.Combine(Path, folder, part.Id + ending);
    }
}
