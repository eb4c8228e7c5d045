using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Yaml;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>
/// A config file of the authors' release (github.com/Zx55/dmcp, config/*/dmcp.yaml and retrain.yaml). Every key does here what it does
/// there, is a remark, or is refused.
/// </summary>
internal sealed class ReleaseConfig
{
    private readonly YamlSection _top;
    private readonly YamlSection _training;
    private readonly YamlSection _dataset;
    private readonly ReleaseRemarks _remarks = new();

    private ReleaseConfig(YamlSection top, int ranks)
    {
        _top = top;
        _training = Section("training");
        _dataset = Section("dataset");
        var model = Section("model");
        var kwargs = model.Require("kwargs").Section();
        Network = ReleaseNetwork.Find(model.Require("type"));
        NumberOfClasses = kwargs.Require("num_classes");
        ImageSize = SizeOf(kwargs);
        Seed = top.Require("random_seed").Whole(least: 0);
        SavePath = top.Require("save_path").Text();
        Epochs = _training.Require("epoch").Whole(least: 1);
        BatchSize = _dataset.Require("batch_size").Whole(least: 2) * (IsDistributed ? ranks : 1);
        CheckRunner(model);
        ReadRecover();
        Search = Network.IsSearched ? new ReleaseSearch(top, kwargs, Epochs, _remarks) : null;
        if (Search is null)
            ReadRetraining(kwargs);
        ReadImages();
        Optimizer = new ReleaseOptimizer(top, _remarks);
        LabelSmoothing = SmoothingOf(_training.Require("label_smooth"));
        ReadWhatChangesNoResult(ranks);
        _remarks.AddUnread(top);
    }

    /// <summary>Path of the file.</summary>
    public string File => _top.File;

    public ReleaseNetwork Network { get; }

    /// <summary>Number of classes, with its place in the file.</summary>
    public YamlValue NumberOfClasses { get; }

    public int Classes => NumberOfClasses.Whole(least: 2);

    /// <summary>Side of the images in pixels.</summary>
    public int ImageSize { get; }

    public int Seed { get; }

    /// <summary>The folder of all results.</summary>
    public string SavePath { get; }

    public int Epochs { get; }

    /// <summary>Images of a batch, of all ranks together: the file has those of each where it says <c>distributed</c>.</summary>
    public int BatchSize { get; }

    /// <summary>The checkpoint to go on from, with its place in the file; null for none.</summary>
    public YamlValue? Checkpoint { get; private set; }

    /// <summary>What a search needs beside; null for a training at given widths.</summary>
    public ReleaseSearch? Search { get; }

    public ReleaseOptimizer Optimizer { get; }

    public double LabelSmoothing { get; }

    /// <summary>How far colours are changed at random.</summary>
    public ColorJitter? Jitter { get; private set; }

    /// <summary>The unpruned network, described for the images of the file.</summary>
    public NetworkDescription Describe() => Architecture.Describe(channels: 3, ImageSize, ImageSize, Classes);

    /// <summary>The unpruned network.</summary>
    public NetworkArchitecture Architecture => Network.AtWidth(Search?.Widths.Max ?? Network.WidestOfRelease);

    /// <summary>All keys that do not do what they do in the release, in one line; null where every key does.</summary>
    public string? Remarks => _remarks.Line(File);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="changes">Changes as <c>training.epoch=2</c>.</param>
    /// <param name="ranks">Processes that train together.</param>
    /// <exception cref="FormatException">It would do something else than in the release; the message has key, line and column.</exception>
    public static ReleaseConfig Read(string path, IReadOnlyList<string> changes, int ranks = 1)
    {
        var top = YamlFile.Read(path);
        foreach (var change in changes)
            Change(top, change);
        return new ReleaseConfig(top, ranks);
    }

    private static void Change(YamlSection top, string change)
    {
        if (change.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } text])
            throw new ToolException($"--set is '{change}'; needed is KEY=VALUE, such as training.epoch=2.");
        var section = top;
        var keys = name.Split('.');
        foreach (var key in keys[..^1])
            section = Existing(section, key).Section();
        Existing(section, keys[^1]).Set(text);

        YamlValue Existing(YamlSection parent, string key) => parent.Find(key) ?? throw new ToolException(
            $"--set {change}: {top.File} has no key '{name}'.{NearestName.Question(key, parent.Values.Select(v => v.Key))}");
    }

    private YamlSection Section(string key) => _top.Require(key).Section();

    private int SizeOf(YamlSection kwargs)
    {
        var (size, read) = (kwargs.Require("input_size"), _dataset.Require("input_size"));
        if (size.Whole(least: 8) != read.Whole(least: 8))
            throw read.Problem($"is {read.Text()} and {size.Name} is {size.Text()}; they must be equal.");
        return size.Whole(least: 8);
    }

    private void CheckRunner(YamlSection model)
    {
        var (runner, needed) = (model.Require("runner").Section().Require("type"), Network.IsSearched ? "DMCPRunner" : "NormalRunner");
        if (runner.Text() != needed)
            throw runner.Problem($"is '{runner.Text()}'; {Network.Type} runs with {needed} here.");
    }

    private void ReadRecover()
    {
        var recover = Section("recover");
        var (enabled, checkpoint) = (recover.Require("enable").Truth(), recover.Require("checkpoint"));
        Checkpoint = enabled ? checkpoint : null;
    }

    private void ReadRetraining(YamlSection kwargs)
    {
        kwargs.Find("ch_cfg"); // --chcfg takes its place, as in the release
        Section("arch").Find("target_flops");
        var validation = Section("validation");
        _remarks.Add([validation.Require("start_val"), validation.Require("val_freq")],
            "every epoch is validated, and no copy of the best one is kept");
    }

    private void ReadImages()
    {
        var type = _dataset.Require("type");
        if (type.Text() != "ImageNet")
            throw type.Problem($"is '{type.Text()}'; only ImageNet is read here: folders train and val, or one folder a class. "
                + "(The release validates CIFAR10 on its training images.)");
        var augmentation = _dataset.Require("augmentation").Section();
        if (augmentation.Find("rotation") is { } rotation && rotation.Number() > 0)
            throw rotation.Problem($"is {rotation.Text()}; images cannot be rotated here. Set it to 0.");
        if (augmentation.Find("color_jitter") is { } jitter)
            Jitter = JitterOf(jitter);
        _remarks.Add([augmentation.Require("test_resize")],
            "images are scaled to input_size at once, and measured and cropped from that, not from the larger ones");
        var classes = _dataset.Find("num_classes");
        if (classes is not null && classes.Text() != NumberOfClasses.Text())
            _remarks.Add([classes], $"{NumberOfClasses.Name} counts, as in the release");
    }

    private static ColorJitter JitterOf(YamlValue value)
    {
        var numbers = value.Numbers();
        var jitter = new ColorJitter(At(0), At(1), At(2), At(3));
        return numbers.Count is >= 1 and <= 4 && numbers.All(n => n is >= 0 and <= 1) && At(3) <= 0.5 ? jitter
            : throw value.Problem("needs 1 to 4 numbers: brightness, contrast, saturation from 0 to 1, and hue from 0 to 0.5.");

        double At(int index) => numbers.ElementAtOrDefault(index);
    }

    private static double SmoothingOf(YamlValue value)
    {
        if (value.Text() == "None")
            return 0;
        return value.Number() is >= 0 and < 1 and var share ? share
            : throw value.Problem($"is {value.Text()}; needed is None or a share in [0, 1).");
    }

    private bool IsDistributed => Section("distributed").Require("enable").Truth();

    private void ReadWhatChangesNoResult(int ranks)
    {
        // As many GPUs as the release gave it: a batch is as large as there.
        if (ranks == 1 || !IsDistributed)
            _remarks.Add([Section("distributed").Require("enable")], ranks == 1
                ? $"one device, so that a batch has {BatchSize} images where the release with 8 GPUs has {8 * BatchSize}"
                : $"{ranks} processes share a batch of {BatchSize} images");
        _remarks.Add([_dataset.Require("workers"), Section("logging").Require("print_freq")], "of no effect");
    }
}
