using Microsoft.ML.Dmcp.Tool.Yaml;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>The keys <c>optimizer</c> and <c>lr_scheduler</c>.</summary>
internal sealed class ReleaseOptimizer
{
    private readonly YamlSection _schedule;
    private readonly double _start;
    private readonly double _peak;
    private readonly double _final;

    /// <param name="top">The file.</param>
    /// <param name="remarks">Gets keys that do something else here.</param>
    public ReleaseOptimizer(YamlSection top, ReleaseRemarks remarks)
    {
        var optimizer = top.Require("optimizer").Section();
        Momentum = ShareOf(optimizer.Require("momentum"));
        WeightDecay = ShareOf(optimizer.Require("weight_decay"));
        RequireTrue(optimizer.Require("nesterov"), "momentum is always Nesterov's here");
        RequireTrue(optimizer.Require("no_wd"), "biases and batch norms never decay here");
        _schedule = top.Require("lr_scheduler").Section();
        _start = RateOf(_schedule.Require("base_lr"));
        _peak = RateOf(_schedule.Require("warmup_lr"));
        _final = RateOf(_schedule.Require("min_lr"), least: 0);
        foreach (var key in (string[])["base_lr", "min_lr"])
            RequireAtMost(_schedule.Require(key), _peak);
        if (_schedule.Require("warmup_steps").Whole(least: 0) == 0 && _start != _peak)
            remarks.Add([_schedule.Require("base_lr")], "without warmup_steps it has no effect, in the release too");
    }

    public double Momentum { get; }

    public double WeightDecay { get; }

    /// <summary>The learning rate of the weights: linear to warmup_lr, then a cosine to min_lr.</summary>
    /// <param name="iterations">Of the whole run.</param>
    /// <exception cref="FormatException">The warm-up is as long as the run.</exception>
    public LearningRateSchedule LearningRate(long iterations)
    {
        var steps = _schedule.Require("warmup_steps");
        if (steps.Whole(least: 0) >= iterations)
            throw steps.Problem($"is {steps.Text()}; the run has {iterations} iterations, and the release refuses that too. "
                + $"Train for more epochs, or give --set {steps.Name}=0.");
        var share = (double)steps.Whole(least: 0) / iterations;
        return new LearningRateSchedule(_peak, _final, _start, share);
    }

    /// <summary>A learning rate.</summary>
    public static double RateOf(YamlValue value, double least = double.Epsilon) => value.Number() is var rate && rate >= least
        && rate <= float.MaxValue ? rate
        : throw value.Problem($"is {value.Text()}; needed is a learning rate {(least > 0 ? "above 0" : "of 0 or more")}.");

    /// <summary>Refuses a rate above the one at the end of the warm-up.</summary>
    public static void RequireAtMost(YamlValue rate, double peak)
    {
        if (rate.Number() > peak)
            throw rate.Problem(FormattableString.Invariant($"is {rate.Text()}; it cannot be above warmup_lr, {peak}, here."));
    }

    private static double ShareOf(YamlValue value) => value.Number() is >= 0 and < 1 and var share
        ? share
        : throw value.Problem($"is {value.Text()}; needed is a number in [0, 1).");

    private static void RequireTrue(YamlValue value, string reason)
    {
        if (!value.Truth())
            throw value.Problem($"is {value.Text()}; {reason}.");
    }
}
