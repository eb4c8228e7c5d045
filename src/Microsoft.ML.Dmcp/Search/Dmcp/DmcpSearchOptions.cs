using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// How DMCP searches. Defaults follow the paper (4.1: 40 epochs, half of them warm-up, λ = 0.1, γ = 0.99, four sub-networks) and the release
/// (uniform sampling while warming up, distillation, learning rate of α); the learning rate of the weights suits batches of 64.
/// </summary>
public sealed class DmcpSearchOptions : ChannelSearchOptions
{
    /// <summary>Which widths a channel group can have.</summary>
    public WidthRange Widths = new();

    /// <summary>How transition probabilities follow from α (Eq. 5).</summary>
    public TransitionKind Transition = TransitionKind.Sigmoid;

    /// <summary>
    /// Start value of every α. When null, the value at which the expected cost meets the budget, so that the whole search goes into moving
    /// channels between groups. The release starts at 0, which is 3 to 8 % of a network's FLOPs, and spends much of its 50,000 iterations on the way.
    /// </summary>
    public double? InitialAlpha;

    /// <summary>Standard deviation of the start values of α around <see cref="InitialAlpha"/> (the paper: random initialisation).</summary>
    public double InitialAlphaDeviation;

    /// <summary>Share of the epochs in which only weights are trained (3.2), in [0, 1).</summary>
    public double WarmUpShare = 0.5;

    /// <summary>Learning rate of α.</summary>
    public LearningRateSchedule ArchitectureLearningRate = new(Peak: 0.5, Final: 0.1);

    /// <summary>α is trained every so many iterations.</summary>
    public int ArchitectureInterval = 1;

    /// <summary>Form of the budget regularisation (Eq. 13).</summary>
    public BudgetLossKind BudgetLoss = BudgetLossKind.LogWithTolerance;

    /// <summary>λ of Eq. 15; 0 for none, which must bring all channels back (4.2, recoverability).</summary>
    public double BudgetLossWeight = 0.1;

    /// <summary>γ of the paper: the budget loss is zero where γT ≤ E ≤ T. In (0, 1].</summary>
    public double BudgetTolerance = 0.99;

    /// <summary>Whether the task loss trains α beside the budget loss (Table 5).</summary>
    public bool TaskLossTrainsArchitecture = true;

    /// <summary>Whether the weights go on being trained while α is (Table 5).</summary>
    public bool WeightsTrainDuringSearch = true;

    /// <summary>Which sub-networks are trained beside the widest.</summary>
    public SandwichRuleKind SandwichRule = SandwichRuleKind.Variant;

    /// <summary>Random sub-networks trained in every iteration beside the widest and the narrowest (sandwich rule).</summary>
    public int RandomSubNetworks = 2;

    /// <summary>How they are drawn while warming up.</summary>
    public SubNetworkSampling WarmUpSampling = SubNetworkSampling.Uniform;

    /// <summary>How they are drawn afterwards.</summary>
    public SubNetworkSampling SearchSampling = SubNetworkSampling.Markov;

    /// <summary>Whether sub-networks learn from the widest network's probabilities (in-place distillation) rather than from the labels.</summary>
    public bool Distillation = true;

    /// <summary>Temperature that both sides of the distillation are divided by.</summary>
    public double DistillationTemperature = 1;

    /// <summary>Weight of the distillation.</summary>
    public double DistillationWeight = 1;

    /// <summary>Whether distilled sub-networks learn from the labels too.</summary>
    public bool DistillationHardLabel;

    internal override string MethodName => "dmcp";

    internal override ChannelSearch Create(SearchTask task) => new DmcpSearch(task, this);

    internal override void Check()
    {
        base.Check();
        Require(Widths is not null, nameof(Widths), Widths, "a range, such as new WidthRange(0.1, 1.0, 0.1)");
        RequireKnown(Transition, nameof(Transition));
        RequireKnown(BudgetLoss, nameof(BudgetLoss));
        RequireKnown(SandwichRule, nameof(SandwichRule));
        RequireKnown(WarmUpSampling, nameof(WarmUpSampling));
        RequireKnown(SearchSampling, nameof(SearchSampling));
        Require(WarmUpShare is >= 0 and < 1, nameof(WarmUpShare), WarmUpShare, "a number in [0, 1)");
        Require(ArchitectureInterval >= 1, nameof(ArchitectureInterval), ArchitectureInterval, "1 or more");
        Require(BudgetLossWeight is >= 0 and < double.PositiveInfinity, nameof(BudgetLossWeight), BudgetLossWeight, "0 or more");
        Require(BudgetLossWeight > 0 || TaskLossTrainsArchitecture, nameof(BudgetLossWeight), BudgetLossWeight, "more than 0 when TaskLossTrainsArchitecture is off, or no loss would train α");
        Require(BudgetTolerance is > 0 and <= 1, nameof(BudgetTolerance), BudgetTolerance, "a number in (0, 1]");
        Require(RandomSubNetworks >= 0, nameof(RandomSubNetworks), RandomSubNetworks, "0 or more");
        Require(InitialAlpha is null or (>= -MarkovModel.LargestAlpha and <= MarkovModel.LargestAlpha), nameof(InitialAlpha), InitialAlpha, Text($"a number within ±{MarkovModel.LargestAlpha}, or null for the one that meets the budget"));
        Require(InitialAlphaDeviation is >= 0 and <= MarkovModel.LargestAlpha, nameof(InitialAlphaDeviation), InitialAlphaDeviation, Text($"a number in [0, {MarkovModel.LargestAlpha}]"));
        Require(DistillationTemperature is > 0 and < double.PositiveInfinity, nameof(DistillationTemperature), DistillationTemperature, "a positive number");
        Require(DistillationWeight is > 0 and < double.PositiveInfinity, nameof(DistillationWeight), DistillationWeight, "a positive number");
        Require(ArchitectureLearningRate is not null, nameof(ArchitectureLearningRate), ArchitectureLearningRate, "a schedule");
        ArchitectureLearningRate!.Check(nameof(ArchitectureLearningRate));
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["architectureInterval"] = Text($"{ArchitectureInterval}");
        settings["architectureLearningRate"] = Text(ArchitectureLearningRate);
        settings["budgetLoss"] = Text($"{BudgetLoss}, weight {BudgetLossWeight}, tolerance {BudgetTolerance}");
        settings["distillation"] = Distillation ? Text($"weight {DistillationWeight}, temperature {DistillationTemperature}, hard label {DistillationHardLabel}") : "none";
        settings["epochs"] = Text($"{NumberOfEpochs}, of which {WarmUpEpochs} warm up");
        settings["initialAlpha"] = Text($"{(InitialAlpha is { } start ? Text($"{start}") : "at the budget")} +- {InitialAlphaDeviation}");
        settings["sandwichRule"] = Text($"{SandwichRule}, {RandomSubNetworks} random, {WarmUpSampling} while warming up, {SearchSampling} afterwards");
        settings["trained"] = Text($"weights during search {WeightsTrainDuringSearch}, architecture by task loss {TaskLossTrainsArchitecture}");
        settings["transition"] = Text($"{Transition}");
        settings["widths"] = Widths.ToString();
        return settings;
    }

    /// <summary>How sub-networks are distilled; null when they are not.</summary>
    internal Distillation? DistillationOfSubNetworks => Distillation ? new Distillation(DistillationTemperature, DistillationWeight, DistillationHardLabel) : null;

    /// <summary>Epochs of weights alone; at least one epoch of architecture search is left.</summary>
    internal int WarmUpEpochs => Math.Min((int)Math.Round(WarmUpShare * NumberOfEpochs), NumberOfEpochs - 1);
}
