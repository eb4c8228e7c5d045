using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Yaml;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>
/// The keys of a search: <c>training.sandwich</c>, <c>distillation</c>, <c>arch</c>, <c>validation</c> and α's learning rate.
/// </summary>
internal sealed class ReleaseSearch
{
    // Subnetworks beside random ones: the widest and the narrowest.
    private const int FixedSamples = 2;

    private static readonly Dictionary<string, BudgetLossKind> Losses = new()
    {
        ["log_l1"] = BudgetLossKind.LogL1,
        ["l1"] = BudgetLossKind.L1,
        ["l2"] = BudgetLossKind.L2,
        ["inverted_log_l1"] = BudgetLossKind.InvertedLogL1,
    };

    private static readonly Dictionary<string, SubNetworkSampling> Samplings = new()
    {
        ["scheduled_random"] = SubNetworkSampling.Scheduled,
        ["non_uni_random"] = SubNetworkSampling.Uniform,
        ["arch_random"] = SubNetworkSampling.Markov,
    };

    private readonly YamlSection _training;
    private readonly YamlSection _arch;
    private readonly int _randomSubNetworks;
    private readonly TransitionKind _transition;
    private readonly BudgetLossKind _loss;
    private readonly SubNetworkSampling _sampling;
    private readonly LearningRateSchedule _learningRate;

    /// <param name="top">The file.</param>
    /// <param name="kwargs">Its section model.kwargs.</param>
    /// <param name="epochs">Epochs of the search.</param>
    /// <param name="remarks">Gets keys that do something else here.</param>
    public ReleaseSearch(YamlSection top, YamlSection kwargs, int epochs, ReleaseRemarks remarks)
    {
        _training = top.Require("training").Section();
        _arch = top.Require("arch").Section();
        var sandwich = _training.Require("sandwich").Section();
        Widths = WidthsOf(kwargs.Require("width"), sandwich);
        _randomSubNetworks = sandwich.Require("num_sample").Whole(FixedSamples) - FixedSamples;
        if (sandwich.Require("sample_type") is var kind && kind.Text() != "offset")
            remarks.Add([kind], "of no effect, in the release too");
        _transition = Choice(kwargs.Require("prob_type"), new Dictionary<string, TransitionKind>
        {
            ["sigmoid"] = TransitionKind.Sigmoid,
            ["exp"] = TransitionKind.Exponential,
        });
        _arch.Find("target_flops"); // --flops takes its place, as in the release
        _loss = Choice(_arch.Require("floss_type"), Losses);
        _sampling = SamplingOf(_arch.Require("sample_type"));
        Draws = _arch.Require("num_flops_stats_sample").Whole(least: 1);
        Structures = _arch.Require("num_model_sample").Whole(least: 0);
        _learningRate = ArchitectureRateOf(top.Require("arch_lr_scheduler").Section(), remarks);
        if (epochs % 2 != 0)
            remarks.Add([_training.Require("epoch")], "α is trained from a whole epoch on, not from the middle of one");
        ReadEvaluation(top, remarks);
        CheckNumbers();
    }

    /// <summary>Widths that every group can have.</summary>
    public WidthRange Widths { get; }

    /// <summary>Structures drawn for statistics.</summary>
    public int Draws { get; }

    /// <summary>Structures drawn within the budget.</summary>
    public int Structures { get; }

    /// <summary>Batches on which batch norms are computed again before an evaluation.</summary>
    public int CalibrationBatches { get; private set; }

    /// <summary>Widths that are evaluated after the search, as multipliers.</summary>
    public IReadOnlyList<double> EvaluatedWidths { get; private set; } = [];

    /// <summary>Options of the search, but for what every training has.</summary>
    /// <param name="budget">What the pruned network may cost.</param>
    public DmcpSearchOptions Options(Budget budget)
    {
        var distillation = _training.Require("distillation").Section();
        return new DmcpSearchOptions
        {
            Budget = budget,
            Widths = Widths,
            RandomSubNetworks = _randomSubNetworks,
            SandwichRule = SandwichRuleKind.Variant,
            WarmUpSampling = SubNetworkSampling.Uniform,
            SearchSampling = _sampling,
            Transition = _transition,
            InitialAlpha = 0,
            WarmUpShare = 0.5,
            ArchitectureInterval = _arch.Require("train_freq").Whole(least: 1),
            ArchitectureLearningRate = _learningRate,
            BudgetLoss = _loss,
            BudgetLossWeight = _arch.Require("flop_loss_weight").Number(),
            Distillation = distillation.Require("enable").Truth(),
            DistillationTemperature = distillation.Require("temperature").Number(),
            DistillationWeight = distillation.Require("loss_weight").Number(),
            DistillationHardLabel = distillation.Require("hard_label").Truth(),
            CalibrationBatches = CalibrationBatches,
            // The release searches with all images.
            EvaluationShare = 0,
        };
    }

    private void CheckNumbers()
    {
        var distillation = _training.Require("distillation").Section();
        distillation.Require("enable").Truth();
        distillation.Require("hard_label").Truth();
        _arch.Require("train_freq").Whole(least: 1);
        foreach (var value in (YamlValue[])[distillation.Require("temperature"), distillation.Require("loss_weight")])
            if (value.Number() <= 0)
                throw value.Problem($"is {value.Text()}; needed is a number above 0.");
        if (_arch.Require("flop_loss_weight") is var weight && weight.Number() < 0)
            throw weight.Problem($"is {weight.Text()}; needed is 0 or more.");
    }

    private static WidthRange WidthsOf(YamlValue width, YamlSection sandwich)
    {
        if (width.Numbers() is not [var min, var max, var offset])
            throw width.Problem("needs three numbers: narrowest, widest, step.");
        foreach (var (key, number) in ((string, double)[])[("min_width", min), ("max_width", max), ("width_offset", offset)])
            if (sandwich.Require(key) is var value && value.Number() != number)
                throw value.Problem(FormattableString.Invariant(
                    $"is {value.Text()} and {width.Name} has {number}; here one range counts for both, so they must be equal."));
        try
        {
            return new WidthRange(min, max, offset);
        }
        catch (ArgumentException e)
        {
            throw width.Problem($"is no range of widths: {ErrorText.Of(e)}");
        }
    }

    private SubNetworkSampling SamplingOf(YamlValue value)
    {
        var types = value.Texts();
        if (types is not ["max", "min", ..] || types.Count != _randomSubNetworks + FixedSamples
            || types.Skip(FixedSamples).Distinct().Count() > 1)
            throw value.Problem($"is [{string.Join(", ", types)}]; needed are max, min and then {_randomSubNetworks} times the same: "
                + $"{string.Join(", ", Samplings.Keys)}.");
        return types.Count == FixedSamples ? SubNetworkSampling.Uniform
            : Samplings.TryGetValue(types[FixedSamples], out var sampling) ? sampling
            : throw value.Problem($"has '{types[FixedSamples]}'; known are {string.Join(", ", Samplings.Keys)}."
                + NearestName.Question(types[FixedSamples], Samplings.Keys));
    }

    private static LearningRateSchedule ArchitectureRateOf(YamlSection schedule, ReleaseRemarks remarks)
    {
        // The release begins the cosine where α begins to be trained, whatever warmup_steps and base_lr say.
        schedule.Find("warmup_steps");
        if (schedule.Require("base_lr") is var start && start.Number() != schedule.Require("warmup_lr").Number())
            remarks.Add([start], "of no effect on α, in the release too");
        var (peak, final) = (ReleaseOptimizer.RateOf(schedule.Require("warmup_lr")), schedule.Require("min_lr"));
        ReleaseOptimizer.RequireAtMost(final, peak);
        return new LearningRateSchedule(peak, ReleaseOptimizer.RateOf(final, least: 0));
    }

    private void ReadEvaluation(YamlSection top, ReleaseRemarks remarks)
    {
        var (validation, evaluation) = (top.Require("validation").Section(), top.Require("evaluation").Section());
        var calibration = validation.Require("calibration").Section();
        CalibrationBatches = calibration.Require("num_batch").Whole(least: 1);
        calibration.Find("enable"); // the release always calibrates
        // It calibrates evaluations with the number of the validation, too.
        if (evaluation.Find("calibration")?.Section() is { } ignored)
            foreach (var key in (string[])["enable", "num_batch"])
                ignored.Find(key);
        var widths = evaluation.Require("width");
        EvaluatedWidths = widths.Numbers();
        if (EvaluatedWidths.Any(w => w < Widths.Min || w > Widths.Max))
            throw widths.Problem($"is {string.Join(", ", widths.Texts())}; needed are widths from the narrowest to the widest.");
        remarks.Add([validation.Require("width")], "measured after the search rather than after every epoch");
        remarks.Add([_arch.Require("num_flops_stats_sample")], "statistics.json in place of plots");
    }

    private static T Choice<T>(YamlValue value, IReadOnlyDictionary<string, T> choices) => choices.TryGetValue(value.Text(), out var choice)
        ? choice
        : throw value.Problem($"is '{value.Text()}'; known are {string.Join(", ", choices.Keys)}."
            + NearestName.Question(value.Text(), choices.Keys));
}
