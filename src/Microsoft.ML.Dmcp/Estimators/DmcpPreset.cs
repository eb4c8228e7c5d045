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

    private DmcpPreset(string name, string source, Action<DmcpSearchOptions> search, Action<PrunedRetrainOptions> retrain)
    {
        Name = name;
        Source = source;
        _search = search;
        _retrain = retrain;
    }

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
        o.Network = network;
        o.Widths = widths;
        o.EvaluationShare = 0;
        o.Transition = TransitionKind.Sigmoid;
        o.NumberOfEpochs = 40;
        o.WarmUpShare = 0.5;
        o.BatchSize = 512;
        o.LearningRate = new LearningRateSchedule(Peak: 0.2, Final: 0.02);
        o.ArchitectureLearningRate = new LearningRateSchedule(Peak: 0.2, Final: 0.02);
        o.BudgetLoss = BudgetLossKind.LogWithTolerance;
        o.BudgetLossWeight = 0.1;
        o.BudgetTolerance = 0.01;
        o.SandwichRule = SandwichRuleKind.Variant;
        o.RandomSubNetworks = 2;
        o.WarmUpSampling = SubNetworkSampling.Markov;
        o.SearchSampling = SubNetworkSampling.Markov;
        // Weights learn by cross entropy (Eq. 14): the paper speaks of no distillation.
        o.Distillation = false;
        // "Randomly initialized architecture parameters"; how far they spread is not said.
        o.InitialAlpha = 0;
        o.InitialAlphaDeviation = 0.1;
    }, o => PaperRetrain(o, weightDecay, retrainEpochs));

    private static DmcpPreset Release(
        string name, string folder, NetworkArchitecture network, WidthRange widths, double weightDecay,
        LearningRateSchedule learningRate, double labelSmoothing, int retrainEpochs) =>
        new("release-" + name, $"github.com/Zx55/dmcp, config/{folder}/dmcp.yaml and retrain.yaml; the rest from its code", o =>
        {
            ImageNet(o, weightDecay);
            o.Network = network;
            o.Widths = widths;
            o.EvaluationShare = 0;
            o.Transition = TransitionKind.Sigmoid;
            // 64 a GPU; eight of them, as in the paper.
            o.NumberOfEpochs = 40;
            o.WarmUpShare = 0.5;
            o.BatchSize = 512;
            o.LearningRate = learningRate;
            o.ArchitectureLearningRate = new LearningRateSchedule(Peak: 0.5, Final: 0.1);
            o.ArchitectureInterval = 1;
            o.BudgetLoss = BudgetLossKind.LogL1;
            o.BudgetLossWeight = 0.1;
            o.SandwichRule = SandwichRuleKind.Variant;
            o.RandomSubNetworks = 2;
            o.WarmUpSampling = SubNetworkSampling.Uniform;
            o.SearchSampling = SubNetworkSampling.Scheduled;
            o.Distillation = true;
            o.DistillationTemperature = 1;
            o.DistillationWeight = 1;
            o.DistillationHardLabel = false;
            o.InitialAlpha = 0;
            o.InitialAlphaDeviation = 0;
            o.LabelSmoothing = labelSmoothing;
            o.ColorJitter = new ColorJitter(0.2, 0.2, 0.2, 0.1);
        }, o =>
        {
            PaperRetrain(o, weightDecay, retrainEpochs);
            // 1,250 iterations of warm-up: two epochs of batches of 2,048 (the paper: one).
            o.LearningRate = new LearningRateSchedule(Peak: 0.8, Final: 0, WarmUpFrom: 0.2, WarmUpShare: 2.0 / retrainEpochs);
            o.LabelSmoothing = 0.1;
            o.ColorJitter = new ColorJitter(0.2, 0.2, 0.2, 0.1);
        });

    private static void PaperRetrain(PrunedRetrainOptions options, double weightDecay, int epochs)
    {
        ImageNet(options, weightDecay);
        options.Method = RetrainMethod.FromScratch;
        options.NumberOfEpochs = epochs;
        options.BatchSize = 2048;
        options.LearningRate = new LearningRateSchedule(Peak: 0.8, Final: 0, WarmUpFrom: 0.2, WarmUpShare: 1.0 / epochs);
    }

    // "Other settings are the same as those in the original paper" (4.1); the release has them in its configs and in utils/data.py.
    private static void ImageNet(TrainingOptions options, double weightDecay)
    {
        options.Momentum = 0.9;
        options.WeightDecay = weightDecay;
        options.LabelSmoothing = 0;
        options.RandomResizedCrop = true;
        options.RandomHorizontalFlip = true;
        options.RandomCropPadding = 0;
        options.CalibrationBatches = 5;
    }
}
