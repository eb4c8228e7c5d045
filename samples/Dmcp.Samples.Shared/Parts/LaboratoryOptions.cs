using System.CommandLine;
using System.Globalization;

namespace Dmcp.Samples.Shared;

/// <summary>The command-line options of a laboratory.</summary>
public sealed class LaboratoryOptions
{
    private readonly Option<DirectoryInfo?> _data = new("--data")
    {
        Description = "Folder of images, one folder a class: DIR/class/*.jpg|png. Without it, drawn shapes.",
        HelpName = "DIR",
    };

    private readonly Option<string> _network = new("--network")
    {
        Description = "Network to prune, such as cifar-resnet20, cifar-mobilenetv2, resnet18@0.5.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "cifar-resnet20",
    };

    private readonly Option<int> _size = Least("--image-size", "Side in pixels to which images are resized.", 32, 8);
    private readonly Option<int> _perClass = Least("--per-class", "Training images of a class at most.", 200, 2);
    private readonly Option<int> _heldOut = Least("--held-out", "Images of a class held out to measure accuracy.", 100, 1);
    private readonly Option<int> _searchEpochs = Least("--search-epochs", "Epochs of each search.", 10, 2);
    private readonly Option<int> _trainEpochs = Least("--train-epochs", "Epochs of each training.", 12, 1);
    private readonly Option<double?> _learningRate = new("--learning-rate")
    {
        Description = "Peak learning rate of searches and of trainings from scratch; the default of the library when not given. "
            + "A network without shortcuts, such as vgg16bn, learns faster at 0.03.",
        HelpName = "RATE",
    };

    private readonly Option<int> _batchSize = Least("--batch-size", "Images of a step.", 64, 2);

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads of libtorch; all processors when not given. "
            + "Several processes of one thread on one --output share the work and are faster in all.",
        HelpName = "N",
    };

    private readonly Option<int[]> _seeds = new("--seeds")
    {
        Description = "Seeds: every search and training is done with each.",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 2, 3],
    };

    private readonly Option<double?> _timeLimit = new("--time-limit")
    {
        Description = "Minutes after which to stop; run again to go on.",
        HelpName = "MINUTES",
    };

    private readonly Option<bool> _reportOnly = new("--report-only") { Description = "Only write the report of what is there." };
    private readonly Option<DirectoryInfo> _output;

    /// <param name="output">Name of the folder of results below <c>artifacts</c> when none is given.</param>
    public LaboratoryOptions(string output) => _output = new Option<DirectoryInfo>("--output")
    {
        Description = "Where results, channel configs, plots and the report go; what is there already is not done again.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", output)),
    };

    /// <summary>An option for a whole number that must not be too small.</summary>
    public static Option<int> Least(string name, string description, int usual, int least)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0
                && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value)
                && value < least)
                result.AddError($"{name} is {value}; needed is {least} or more.");
        });
        return option;
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Option[] options =
        [
            _data, _output, _network, _size, _perClass, _heldOut, _searchEpochs, _trainEpochs, _learningRate, _batchSize, _seeds, _threads,
            _timeLimit, _reportOnly,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>The settings that a command line gives.</summary>
    public LaboratorySettings Settings(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new LaboratorySettings
        {
            Data = parsed.GetValue(_data)?.FullName,
            Network = parsed.GetValue(_network)!,
            ImageSize = parsed.GetValue(_size),
            PerClass = parsed.GetValue(_perClass),
            HeldOut = parsed.GetValue(_heldOut),
            SearchEpochs = parsed.GetValue(_searchEpochs),
            TrainEpochs = parsed.GetValue(_trainEpochs),
            LearningRate = parsed.GetValue(_learningRate),
            BatchSize = parsed.GetValue(_batchSize),
            Threads = parsed.GetValue(_threads),
        };
    }

    /// <summary>The folder of results.</summary>
    public string Output(ParseResult parsed) => parsed?.GetValue(_output)?.FullName ?? throw new ArgumentNullException(nameof(parsed));

    /// <summary>The seeds, each once.</summary>
    public IReadOnlyList<int> Seeds(ParseResult parsed) =>
        parsed?.GetValue(_seeds)?.Distinct().ToArray() ?? throw new ArgumentNullException(nameof(parsed));

    /// <summary>How long to work; null for as long as it takes.</summary>
    public TimeSpan? TimeLimit(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        if (parsed.GetValue(_reportOnly))
            return TimeSpan.Zero;
        return parsed.GetValue(_timeLimit) is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
    }
}
