using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp export</c>: a model's network for other runtimes.</summary>
internal sealed class ExportCommand : ToolCommand
{
    private const int CalibrationImages = 300;
    private static readonly string[] StateDicts = [".pth", ".pt", ".safetensors"];

    private readonly Argument<string> _model = new("model") { Description = "The model, such as pruned/model.zip." };
    private readonly Argument<string> _output = new("file")
    {
        Description = "What is written: .onnx for ONNX Runtime and others; .pth, .pt or .safetensors for PyTorch, with a script beside it.",
    };
    private readonly Option<int> _opset = NumberOption.Whole("--opset", "Version of ONNX's operators.", 17, least: 12, most: 21);
    private readonly Option<bool> _logits = new("--logits") { Description = "ONNX: scores are logits rather than probabilities." };
    private readonly Option<bool> _normalized = new("--normalized")
    {
        Description = "ONNX: the graph reads pixels that are normalised already, rather than 0 to 255.",
    };
    private readonly Option<string?> _embedding = new("--embedding")
    {
        Description = "ONNX: name of a second output, the values behind the scores.", HelpName = "NAME",
    };
    private readonly Option<string?> _int8 = new("--int8")
    {
        Description = $"ONNX: computes in 8 bits. A folder of training images, class/*.jpg, {CalibrationImages} of which set the ranges.",
        HelpName = "DIR",
    };

    public ExportCommand() : base("export", "Writes the network of a model for ONNX Runtime or PyTorch.")
    {
        Add(_model);
        Add(_output);
        foreach (var option in (Option[])[_opset, _logits, _normalized, _embedding, _int8])
            Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp export pruned/model.zip model.onnx", "ONNX, opset 17"),
        new("dmcp export pruned/model.zip model.int8.onnx --int8 photos", "in 8 bits: a quarter of the size"),
        new("dmcp export pruned/model.zip model.safetensors", "for PyTorch; model.py rebuilds the network where torchvision has it"),
    ];

    public override void Run(CommandRun run)
    {
        var ml = run.Context();
        var output = run.PathOf(run.Value(_output)!);
        var isOnnx = Path.GetExtension(output).Equals(".onnx", StringComparison.OrdinalIgnoreCase);
        if (!isOnnx && !StateDicts.Contains(Path.GetExtension(output), StringComparer.OrdinalIgnoreCase))
            throw new ToolException(
                $"'{output}' ends in '{Path.GetExtension(output)}'; needed is a file .onnx, {string.Join(", ", StateDicts)}.");
        if (!isOnnx)
            RequireNoneOfOnnx(run, output);
        var model = ModelFile.Load(ml, run.PathOf(run.Value(_model)!));
        using var network = ml.Model.GetPrunedNetwork(model);
        string? script = null;
        if (isOnnx)
            ml.Model.SaveAsOnnx(model, output, OnnxOptions(run, ml));
        else
            script = ml.Model.SaveAsStateDict(model, output);
        string[] files = script is null ? [output] : [output, script];
        run.Console.Answer(
            new { files = files.Select(Path.GetFullPath), bytes = new FileInfo(output).Length },
            string.Join('\n', files.Select(f => $"Written: {f}")));
    }

    private OnnxExportOptions OnnxOptions(CommandRun run, MLContext ml)
    {
        var options = new OnnxExportOptions
        {
            Opset = run.Required(_opset),
            Softmax = !run.Value(_logits),
            NormalizePixels = !run.Value(_normalized),
            EmbeddingName = run.Value(_embedding),
        };
        if (run.Value(_int8) is { } folder)
        {
            var images = ml.Data.LoadFromEnumerable(ImageFolder.List(run.PathOf(folder)));
            options.CalibrationSet = ml.Data.TakeRows(ml.Data.ShuffleRows(images, seed: 1), CalibrationImages);
        }
        return options;
    }

    private void RequireNoneOfOnnx(CommandRun run, string output)
    {
        Option[] options = [_opset, _logits, _normalized, _embedding, _int8];
        if (options.FirstOrDefault(run.IsGiven) is { } given)
            throw new ToolException($"{given.Name} is of ONNX files; '{output}' is none: leave it out, or name an .onnx file.");
    }
}
