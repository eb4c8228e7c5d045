using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp predict</c>: classifies files and folders of images.</summary>
internal sealed class PredictCommand : ToolCommand
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    private readonly Argument<string> _model = new("model") { Description = "The model, such as pruned/model.zip." };
    private readonly Argument<string[]> _paths = new("paths")
    {
        Description = "Images, and folders with images at any depth.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<int> _top = NumberOption.Whole("--top", "How many classes of each image, the likeliest first.", 1, least: 1);
    private readonly Option<bool> _csv = new("--csv") { Description = "Writes lines of CSV: path, rank, class, probability." };

    public PredictCommand() : base("predict", "Classifies images by a model.")
    {
        Add(_model);
        Add(_paths);
        Add(_top);
        Add(_csv);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp predict pruned/model.zip photo.jpg --top 3", "the three likeliest classes"),
        new("dmcp predict pruned/model.zip photos --csv > classes.csv", "a folder as CSV; --json for JSON"),
    ];

    public override void Run(CommandRun run)
    {
        var files = run.Value(_paths)!.SelectMany(path => FilesOf(run, path)).ToArray();
        var ml = run.Context();
        var model = ModelFile.Load(ml, run.PathOf(run.Value(_model)!));
        using var network = ml.Model.GetPrunedNetwork(model);
        var classifier = ml.Model.CreateImageClassifier(model);
        var predictions = new List<(string Path, IReadOnlyList<ClassProbability> Classes)>();
        foreach (var (shown, path) in files)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (Classify(classifier, path, run.Required(_top), out var problem) is { } classes)
                predictions.Add((shown, classes));
            else
                run.Console.Warn($"'{shown}' is left out: {problem}");
        }
        if (predictions.Count == 0)
            throw new ToolException($"None of {files.Length} images could be read.");
        run.Console.Answer(
            predictions.Select(p => new { p.Path, classes = p.Classes.Select(c => new { name = c.Class, c.Probability }) }),
            run.Value(_csv) ? Csv(predictions) : string.Join('\n', predictions.Select(Line)));
    }

    private static IEnumerable<(string Shown, string Path)> FilesOf(CommandRun run, string path)
    {
        var full = run.PathOf(path);
        if (File.Exists(full))
            return [(path, full)];
        if (!Directory.Exists(full))
            throw new FileNotFoundException($"There is no file or folder '{path}'.", path);
        var images = Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories)
            .Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(f => (Path.Combine(path, Path.GetRelativePath(full, f)), f))
            .ToArray();
        return images.Length > 0 ? images : throw new ToolException($"Folder '{path}' holds no images ({string.Join(", ", Endings)}).");
    }

    private static IReadOnlyList<ClassProbability>? Classify(ImageClassifier classifier, string path, int top, out string? problem)
    {
        try
        {
            using var image = MLImage.CreateFromFile(path);
            problem = null;
            return classifier.Classify(image, top);
        }
        catch (Exception e) when (e is ArgumentException or IOException or FormatException or UnauthorizedAccessException)
        {
            problem = ErrorText.Of(e);
            return null;
        }
    }

    private static string Line((string Path, IReadOnlyList<ClassProbability> Classes) prediction)
    {
        var classes = prediction.Classes.Select(c => FormattableString.Invariant($"{c.Class} {100 * c.Probability:0.0} %"));
        return $"{prediction.Path}: {string.Join(", ", classes)}";
    }

    private static string Csv(IEnumerable<(string Path, IReadOnlyList<ClassProbability> Classes)> predictions)
    {
        var text = new StringBuilder("path,rank,class,probability");
        foreach (var (path, classes) in predictions)
            foreach (var (i, c) in classes.Index())
                text.Append(CultureInfo.InvariantCulture, $"\n{Cell(path)},{i + 1},{Cell(c.Class)},{c.Probability:0.######}");
        return text.ToString();

        // RFC 4180.
        static string Cell(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"")}\"";
    }
}
