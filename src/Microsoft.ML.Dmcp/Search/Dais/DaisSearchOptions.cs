using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dais;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// DAIS (Guan et al.): channels are chosen one by one by relaxed indicators that are annealed to 0 or 1, on images of their own
/// (first-order bi-level optimisation). The channel config names the channels that are kept, so that fine-tuning can take their weights
/// over.
/// </summary>
/// <remarks>
/// The symmetry regularizer of the paper, which draws the channel numbers of the layers that a residual block adds up together, needs no
/// weight here: tied layers share their indicators, so they keep the same channels and it is zero by construction.
/// </remarks>
public sealed class DaisSearchOptions : ChannelSearchOptions
{
    /// <summary>
    /// Learning rate of the indicators' β. Their gradient is taken as many times as there are channels: each has its share of the loss
    /// alone, and a rate that suits a small network suits a large one too. Default from 0.1 down to 0.01 by a cosine.
    /// </summary>
    public LearningRateSchedule IndicatorLearningRate = new(Peak: 0.1, Final: 0.01);

    /// <summary>
    /// Start value of every β: h = sigmoid(β) is the share of a channel that is let through at first. When null (default), the value at
    /// which the expected cost meets the budget.
    /// </summary>
    public double? InitialBeta;

    /// <summary>Share of the training images that the indicators learn from, and the weights do not, in (0, 1). Default 0.5.</summary>
    public double IndicatorShare = 0.5;

    /// <summary>Weight of the lasso, the mean of all indicators. Default 0.01.</summary>
    public double LassoWeight = 0.01;

    /// <summary>Weight of the FLOPs regularizer: ±log E outside of the tolerance. Default 0.1.</summary>
    public double BudgetLossWeight = 0.1;

    /// <summary>
    /// How far below the budget F the expected cost E may lie without a regularizer, as a share in [0, 0.5]: it is zero where
    /// (1 − tolerance)·F ≤ E ≤ F. Default 0.02, ε of the paper.
    /// </summary>
    public double BudgetTolerance = 0.02;

    /// <summary>k of the annealing T(e) = 1/(1 + k·e/E) over the epochs; larger is more binary. Default 49.</summary>
    public double Annealing = 49;

    internal override string MethodName => "dais";

    internal override void Check()
    {
        base.Check();
        Require(IndicatorLearningRate is not null, nameof(IndicatorLearningRate), IndicatorLearningRate, "a schedule");
        IndicatorLearningRate!.Check(nameof(IndicatorLearningRate));
        Require(InitialBeta is null or (>= -20 and <= 20), nameof(InitialBeta), InitialBeta,
            "a number in [-20, 20], or null for the one that meets the budget");
        Require(IndicatorShare is > 0 and < 1, nameof(IndicatorShare), IndicatorShare, "a share in (0, 1)");
        Require(LassoWeight is >= 0 and < double.PositiveInfinity, nameof(LassoWeight), LassoWeight, "0 or more");
        Require(BudgetLossWeight is >= 0 and < double.PositiveInfinity, nameof(BudgetLossWeight), BudgetLossWeight, "0 or more");
        Require(BudgetTolerance is >= 0 and <= 0.5, nameof(BudgetTolerance), BudgetTolerance, "a share in [0, 0.5]");
        Require(Annealing is >= 0 and < double.PositiveInfinity, nameof(Annealing), Annealing, "0 or more");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        var start = InitialBeta is { } beta ? Text($"{beta}") : "at the budget";
        settings["indicators"] =
            Text($"start {start}, share {IndicatorShare}, learning rate {Text(IndicatorLearningRate)}, annealing {Annealing}");
        settings["regularizers"] = Text($"lasso {LassoWeight}, FLOPs {BudgetLossWeight} with tolerance {BudgetTolerance}");
        return settings;
    }
}
