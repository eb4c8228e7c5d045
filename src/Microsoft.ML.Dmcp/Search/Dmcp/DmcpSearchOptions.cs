using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// How DMCP searches. Defaults follow the paper (4.1: 40 epochs, half of them warm-up, λ = 0.1, γ = 0.99, four sub-networks) and the
/// release (uniform sampling while warming up, distillation, learning rate of α); the learning rate of the weights suits batches of 64.
/// </summary>
public sealed class DmcpSearchOptions : SandwichSearchOptions
{
    /// <summary>How transition probabilities follow from α (Eq. 5). Default <see cref="TransitionKind.Sigmoid"/>.</summary>
    public TransitionKind Transition = TransitionKind.Sigmoid;

    /// <summary>
    /// Start value of every α. When null (default), the value at which the expected cost meets the budget, so that the whole search goes
    /// into moving channels between groups. The release starts at 0, which is 3 to 8 % of a network's FLOPs, and spends much of its 50,000
    /// iterations on the way.
    /// </summary>
    public double? InitialAlpha;

    /// <summary>
    /// Standard deviation of the start values of α around <see cref="InitialAlpha"/> (the paper: random initialisation). Default 0.
    /// </summary>
    public double InitialAlphaDeviation;

    /// <summary>
    /// Whether α starts at the widths that one ranking of all channels leaves of the given weights (Taylor importance, in 20 rounds, as
    /// <see cref="FilterPruningOptions"/> does with <see cref="PruningScope.Global"/>), and sorted channels are in the order in which that
    /// ranking keeps them. When null (default), where the weights have a classifier of these classes, unless <see cref="InitialAlpha"/>,
    /// <see cref="InitialAlphaDeviation"/> or another search gives the first α.
    /// </summary>
    public bool? StartFromRanking;

    /// <summary>
    /// Share of the epochs in which only weights are trained (3.2), in [0, 1]. 1 trains nothing but the shared weights, which searches of
    /// any budget begin with (<see cref="ImageRunOptions.WeightsPath"/>). Default 0.5.
    /// </summary>
    public double WarmUpShare = 0.5;

    /// <summary>
    /// Learning rate of α. When null (default), from 2 down to 0.4 by a cosine where α is projected onto the budget
    /// (<see cref="ProjectOntoBudget"/>), which suits searches of some hundred or thousand steps; otherwise the release's 0.5 to 0.1, made
    /// for hundreds of thousands.
    /// </summary>
    public LearningRateSchedule? ArchitectureLearningRate;

    /// <summary>α is trained every so many iterations. Default 1.</summary>
    public int ArchitectureInterval = 1;

    /// <summary>Form of the budget loss (Eq. 13). Default the paper's, <see cref="BudgetLossKind.LogWithTolerance"/>.</summary>
    public BudgetLossKind BudgetLoss = BudgetLossKind.LogWithTolerance;

    /// <summary>λ of Eq. 15; 0 for none, which must bring all channels back (4.2, recoverability). Default 0.1.</summary>
    public double BudgetLossWeight = 0.1;

    /// <summary>
    /// How far below the budget T the expected cost E may lie without a budget loss, as a share in [0, 0.5]: the loss is zero where
    /// (1 − tolerance)·T ≤ E ≤ T. Default 0.01, that is γ = 0.99 of the paper.
    /// </summary>
    public double BudgetTolerance = 0.01;

    /// <summary>
    /// Whether α is moved along the gradient of the expected cost after each of its steps, so that this stays the budget's: the projected
    /// gradient, which ends where every group gains the same per cost. It takes the place of the budget loss, which a strong task loss
    /// outweighs. When null (default), it is, unless <see cref="InitialAlpha"/> starts the search elsewhere, as the paper does, there is no
    /// budget loss, or it alone trains α.
    /// </summary>
    public bool? ProjectOntoBudget;

    /// <summary>Whether the task loss trains α beside the budget loss (Table 5). On by default.</summary>
    public bool TaskLossTrainsArchitecture = true;

    /// <summary>
    /// Whether α is trained on the images put aside (<see cref="SandwichSearchOptions.EvaluationShare"/>) rather than on the batch of the
    /// weights, which these may know by heart. Off by default.
    /// </summary>
    public bool SeparateArchitectureImages;

    /// <summary>Whether the weights are still trained while α is (Table 5). On by default.</summary>
    public bool WeightsTrainDuringSearch = true;

    /// <summary>Which sub-networks are trained beside the widest. Default <see cref="SandwichRuleKind.Variant"/>.</summary>
    public SandwichRuleKind SandwichRule = SandwichRuleKind.Variant;

    /// <summary>How they are drawn while warming up. Default <see cref="SubNetworkSampling.Uniform"/>.</summary>
    public SubNetworkSampling WarmUpSampling = SubNetworkSampling.Uniform;

    /// <summary>How they are drawn afterwards. Default <see cref="SubNetworkSampling.Markov"/>.</summary>
    public SubNetworkSampling SearchSampling = SubNetworkSampling.Markov;

    /// <summary>
    /// The Markov process of another search (<see cref="DmcpSearchTransformer.Begin"/>), moved onto the budget, that α starts from; null
    /// for <see cref="InitialAlpha"/>.
    /// </summary>
    internal MarkovChain? InitialChain;

    internal override string MethodName => "dmcp";

    private protected override double LargestGentleMinimum => 0.1;

    private bool GivesAlpha => InitialAlpha is not null || InitialAlphaDeviation > 0 || InitialChain is not null;

    /// <summary>Whether the search starts from a ranking, where given weights have a classifier.</summary>
    internal bool StartsFromRanking => StartFromRanking ?? !GivesAlpha;

    /// <summary>The learning rate that suits the way in which α stays on the budget, unless one is given.</summary>
    internal LearningRateSchedule ArchitectureSchedule =>
        ArchitectureLearningRate ?? (ProjectsOntoBudget ? new(Peak: 2, Final: 0.4) : new(Peak: 0.5, Final: 0.1));

    internal bool ProjectsOntoBudget => ProjectOntoBudget ?? (InitialAlpha is null && BudgetLossWeight > 0 && TaskLossTrainsArchitecture);

    internal override void Check()
    {
        base.Check();
        RequireKnown(Transition, nameof(Transition));
        RequireKnown(BudgetLoss, nameof(BudgetLoss));
        RequireKnown(SandwichRule, nameof(SandwichRule));
        RequireKnown(WarmUpSampling, nameof(WarmUpSampling));
        RequireKnown(SearchSampling, nameof(SearchSampling));
        Require(!SeparateArchitectureImages || EvaluationShare > 0, nameof(SeparateArchitectureImages), SeparateArchitectureImages,
            "false where EvaluationShare puts no images aside");
        Require(WarmUpShare is >= 0 and <= 1, nameof(WarmUpShare), WarmUpShare, "a number in [0, 1]");
        Require(ArchitectureInterval >= 1, nameof(ArchitectureInterval), ArchitectureInterval, "1 or more");
        Require(BudgetLossWeight is >= 0 and < double.PositiveInfinity, nameof(BudgetLossWeight), BudgetLossWeight, "0 or more");
        Require(BudgetLossWeight > 0 || TaskLossTrainsArchitecture, nameof(BudgetLossWeight), BudgetLossWeight,
            "more than 0 when TaskLossTrainsArchitecture is off, or no loss would train α");
        Require(BudgetTolerance is >= 0 and <= 0.5, nameof(BudgetTolerance), BudgetTolerance, "a share in [0, 0.5], 1 − γ of the paper");
        const double largest = MarkovModel.LargestAlpha;
        Require(InitialAlpha is null or (>= -largest and <= largest), nameof(InitialAlpha), InitialAlpha,
            Text($"a number within ±{largest}, or null for the one that meets the budget"));
        Require(StartFromRanking is not true || (WeightsPath is not null && !GivesAlpha),
            nameof(StartFromRanking), StartFromRanking,
            "false or null without WeightsPath, and where InitialAlpha, InitialAlphaDeviation or another search give the first α");
        Require(ProjectOntoBudget is not true || TaskLossTrainsArchitecture, nameof(ProjectOntoBudget), ProjectOntoBudget,
            "false or null when TaskLossTrainsArchitecture is off: it takes the place of the budget loss, and no loss would train α");
        Require(InitialAlphaDeviation is >= 0 and <= largest, nameof(InitialAlphaDeviation), InitialAlphaDeviation,
            Text($"a number in [0, {largest}]"));
        ArchitectureLearningRate?.Check(nameof(ArchitectureLearningRate));
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["architectureInterval"] = Text($"{ArchitectureInterval}");
        settings["architectureLearningRate"] = Text(ArchitectureSchedule);
        // γ of the paper, as the first channel configs and checkpoints have it.
        settings["budgetLoss"] = Text($"{BudgetLoss}, weight {BudgetLossWeight}, tolerance {1 - BudgetTolerance}");
        settings["distillation"] = DistillationText;
        settings["epochs"] = Text($"{NumberOfEpochs}, of which {WarmUpEpochs} warm up");
        settings["initialAlpha"] = InitialChain is { } chain
            ? $"of search {chain.Digest}"
            : Text($"{(InitialAlpha is { } start ? Text($"{start}") : "at the budget")} +- {InitialAlphaDeviation}");
        if (StartFromRanking is { } ranks)
            settings["startFromRanking"] = Text($"{ranks}");
        if (SeparateArchitectureImages)
            settings["architectureImages"] = "put aside";
        if (ProjectsOntoBudget)
            settings["projection"] = "onto the budget";
        settings["sandwichRule"] =
            Text($"{SandwichRule}, {RandomSubNetworks} random, {WarmUpSampling} while warming up, {SearchSampling} afterwards");
        settings["trained"] =
            Text($"weights during search {WeightsTrainDuringSearch}, architecture by task loss {TaskLossTrainsArchitecture}");
        settings["transition"] = Text($"{Transition}");
        return settings;
    }

    /// <summary>Epochs of weights alone; at least one epoch of architecture search is left where any is wanted.</summary>
    internal int WarmUpEpochs =>
        Math.Min((int)Math.Round(WarmUpShare * NumberOfEpochs), WarmUpShare < 1 ? NumberOfEpochs - 1 : NumberOfEpochs);
}
