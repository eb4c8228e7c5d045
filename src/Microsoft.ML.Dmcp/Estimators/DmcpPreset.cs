namespace Microsoft.ML.Dmcp;

/// <summary>
/// The settings of the paper and of the authors' release for ImageNet, to begin with and to change:
/// <c>mlContext.Transforms.DmcpSearch(DmcpPreset.ReleaseResNet50.Search(Budget.MFlops(1100)))</c>. They are made for a million images and
/// batches of 512 on GPUs; the defaults of the options suit small sets.
/// </summary>
/// <remarks>
/// Shares of a run that stand for iterations are those of ImageNet's 1,281,167 training images: 2,502 iterations an epoch at batches of
/// 512, 625 at 2,048. What a source leaves open is filled from the other, and its comment says so.
/// </remarks>
public sealed class DmcpPreset
{
    private const double MobileNetWeightDecay = 4e-5, ResNetWeightDecay = 1e-4;

    private readonly Action<DmcpSearchOptions> _search;
    private readonly Action<PrunedRetrainOptions> _retrain;

    private DmcpPreset(string name, string source, Action<DmcpSearchOptions> search, Action<PrunedRetrainOptions> retrain) =>
        (Name, Source, _search, _retrain) = (name, source, search, retrain);

    /// <summary>The paper's settings for MobileNetV2: 1.5x in 15 steps of 0.1x (4.1).</summary>
    public static DmcpPreset PaperMobileNetV2 { get; } = Paper(
        "mobilenetv2", NetworkZoo.MobileNetV2(1.5), new WidthRange(0.1, 1.5, 0.1), MobileNetWeightDecay, retrainEpochs: 250);

    /// <summary>The paper's settings for ResNet-18 in 10 steps of 0.1x (4.1).</summary>
    public static DmcpPreset PaperResNet18 { get; } = Paper(
        "resnet18", NetworkZoo.ResNet(18), new WidthRange(0.1, 1.0, 0.1), ResNetWeightDecay, retrainEpochs: 100);

    /// <summary>The paper's settings for ResNet-50 in 10 steps of 0.1x (4.1).</summary>
    public static DmcpPreset PaperResNet50 { get; } = Paper(
        "resnet50", NetworkZoo.ResNet(50), new WidthRange(0.1, 1.0, 0.1), ResNetWeightDecay, retrainEpochs: 100);

    /// <summary>The release's settings for MobileNetV2: config/mbv2/dmcp.yaml and retrain.yaml.</summary>
    public static DmcpPreset ReleaseMobileNetV2 { get; } = Release(
        "mobilenetv2", "mbv2", NetworkZoo.MobileNetV2(1.5), new WidthRange(0.1, 1.5, 0.1), MobileNetWeightDecay,
        new LearningRateSchedule(Peak: 0.5, Final: 0.08, WarmUpFrom: 0.2, WarmUpShare: 0.01), labelSmoothing: 0.1, retrainEpochs: 250);

    /// <summary>The release's settings for ResNet-18: config/res18/dmcp.yaml and retrain.yaml.</summary>
    public static DmcpPreset ReleaseResNet18 { get; } = Release(
        "resnet18", "res18", NetworkZoo.ResNet(18), new WidthRange(0.1, 1.0, 0.1), ResNetWeightDecay,
        new LearningRateSchedule(Peak: 0.5, Final: 0.08), labelSmoothing: 0, retrainEpochs: 100);

    /// <summary>The release's settings for ResNet-50: config/res50/dmcp.yaml and retrain.yaml.</summary>
    public static DmcpPreset ReleaseResNet50 { get; } = Release(
        "resnet50", "res50", NetworkZoo.ResNet(50), new WidthRange(0.1, 1.0, 0.1), ResNetWeightDecay,
        new LearningRateSchedule(Peak: 0.5, Final: 0.08), labelSmoothing: 0, retrainEpochs: 100);

    /// <summary>All presets.</summary>
    public static IReadOnlyList<DmcpPreset> All { get; } =
        [PaperMobileNetV2, PaperResNet18, PaperResNet50, ReleaseMobileNetV2, ReleaseResNet18, ReleaseResNet50];

    /// <summary>Name of the preset, such as <c>paper-resnet50</c>.</summary>
    public string Name { get; }

    /// <summary>Where its figures come from.</summary>
    public string Source { get; }

    /// <summary>Options of a search.</summary>
    /// <param name="budget">What the pruned network may cost at most.</param>
    public DmcpSearchOptions Search(Budget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var options = new DmcpSearchOptions { Budget = budget };
        _search(options);
        return options;
    }

    /// <summary>Options of the retraining from scratch.</summary>
    public PrunedRetrainOptions Retrain()
    {
        var options = new PrunedRetrainOptions();
        _retrain(options);
        return options;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static DmcpPreset Paper(
        string name, NetworkArchitecture network, WidthRange widths, double weightDecay, int retrainEpochs) =>
        new("paper-" + name, "Guo et al., CVPR 2020, 3.1.4, 3.2 and 4.1", o =>
    {
        ImageNet(o, weightDecay);
        (o.Network, o.Widths, o.Transition) = (network, widths, TransitionKind.Sigmoid);
        (o.NumberOfEpochs, o.WarmUpShare, o.BatchSize) = (40, 0.5, 512);
        o.LearningRate = new LearningRateSchedule(Peak: 0.2, Final: 0.02);
        o.ArchitectureLearningRate = new LearningRateSchedule(Peak: 0.2, Final: 0.02);
        (o.BudgetLoss, o.BudgetLossWeight, o.BudgetTolerance) = (BudgetLossKind.LogWithTolerance, 0.1, 0.01);
        (o.SandwichRule, o.RandomSubNetworks) = (SandwichRuleKind.Variant, 2);
        (o.WarmUpSampling, o.SearchSampling) = (SubNetworkSampling.Markov, SubNetworkSampling.Markov);
        // Weights learn by cross entropy (Eq. 14): the paper speaks of no distillation.
        o.Distillation = false;
        // "Randomly initialized architecture parameters"; how far they spread is not said.
        (o.InitialAlpha, o.InitialAlphaDeviation) = (0, 0.1);
    }, o => PaperRetrain(o, weightDecay, retrainEpochs));

    private static DmcpPreset Release(
        string name, string folder, NetworkArchitecture network, WidthRange widths, double weightDecay,
        LearningRateSchedule learningRate, double labelSmoothing, int retrainEpochs) =>
        new("release-" + name, $"github.com/Zx55/dmcp, config/{folder}/dmcp.yaml and retrain.yaml; the rest from its code", o =>
        {
            ImageNet(o, weightDecay);
            (o.Network, o.Widths, o.Transition) = (network, widths, TransitionKind.Sigmoid);
            // 64 a GPU; eight of them, as in the paper.
            (o.NumberOfEpochs, o.WarmUpShare, o.BatchSize) = (40, 0.5, 512);
            o.LearningRate = learningRate;
            o.ArchitectureLearningRate = new LearningRateSchedule(Peak: 0.5, Final: 0.1);
            o.ArchitectureInterval = 1;
            (o.BudgetLoss, o.BudgetLossWeight) = (BudgetLossKind.LogL1, 0.1);
            (o.SandwichRule, o.RandomSubNetworks) = (SandwichRuleKind.Variant, 2);
            (o.WarmUpSampling, o.SearchSampling) = (SubNetworkSampling.Uniform, SubNetworkSampling.Scheduled);
            (o.Distillation, o.DistillationTemperature, o.DistillationWeight, o.DistillationHardLabel) = (true, 1, 1, false);
            (o.InitialAlpha, o.InitialAlphaDeviation, o.LabelSmoothing) = (0, 0, labelSmoothing);
            o.ColorJitter = new ColorJitter(0.2, 0.2, 0.2, 0.1);
        }, o =>
        {
            PaperRetrain(o, weightDecay, retrainEpochs);
            // 1,250 iterations of warm-up: two epochs of batches of 2,048 (the paper: one).
            o.LearningRate = new LearningRateSchedule(Peak: 0.8, Final: 0, WarmUpFrom: 0.2, WarmUpShare: 2.0 / retrainEpochs);
            (o.LabelSmoothing, o.ColorJitter) = (0.1, new ColorJitter(0.2, 0.2, 0.2, 0.1));
        });

    private static void PaperRetrain(PrunedRetrainOptions options, double weightDecay, int epochs)
    {
        ImageNet(options, weightDecay);
        (options.Method, options.NumberOfEpochs, options.BatchSize) = (RetrainMethod.FromScratch, epochs, 2048);
        options.LearningRate = new LearningRateSchedule(Peak: 0.8, Final: 0, WarmUpFrom: 0.2, WarmUpShare: 1.0 / epochs);
    }

    // "Other settings are the same as those in the original paper" (4.1); the release has them in its configs and in utils/data.py.
    private static void ImageNet(TrainingOptions options, double weightDecay)
    {
        (options.Momentum, options.WeightDecay, options.LabelSmoothing) = (0.9, weightDecay, 0);
        (options.RandomResizedCrop, options.RandomHorizontalFlip, options.RandomCropPadding) = (true, true, 0);
        options.CalibrationBatches = 5;
    }
}
