using System.Globalization;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Dais;

/// <summary>
/// DAIS: trains weights and relaxed indicators of the channels (<see cref="DaisTraining"/>), then keeps the channels whose indicators ended
/// near 1. The symmetry regularizer of the paper, which draws the channel numbers of tied layers together, is zero here by construction:
/// tied layers share their indicators.
/// </summary>
internal sealed class DaisSearch : TrainedSearch
{
    private const double BinaryMargin = 0.01;

    private readonly DaisSearchOptions _options;
    private readonly DaisTraining _training;

    /// <param name="task">What it works on, with all images.</param>
    /// <param name="options">How to search; checked.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget.</exception>
    public DaisSearch(SearchTask task, DaisSearchOptions options)
        : this(task.Split(options.IndicatorShare, nameof(options.IndicatorShare)), options)
    {
    }

    private DaisSearch((SearchTask Task, ImageBatches Indicators) images, DaisSearchOptions options)
        : base(images.Task, options)
    {
        var (task, device) = (images.Task, images.Task.Images.Device);
        _options = options;
        var start = options.InitialBeta ?? ChannelIndicators.BetaThatMeets(task.Network, Limits);
        Indicators = new ChannelIndicators(task.Network, start, ScalarType.Float32, device);
        Network = new SlimmableNetwork(task.Network, device, Random);
        _training = new DaisTraining(Network, Indicators, Limits, options, task.Images, images.Indicators, Random);
    }

    public override SlimmableNetwork Network { get; }

    /// <summary>The indicators that are searched.</summary>
    internal ChannelIndicators Indicators { get; }

    public override DaisTraining Training => _training;

    protected override FoundChannels Choose()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var beta = Indicators.OnHost();
        if (!beta.All(g => g.All(double.IsFinite)))
            throw new InvalidOperationException("The search diverged: the indicators are not finite. Lower IndicatorLearningRate.");
        var indicators = beta.SelectMany(g => g).Select(b => 1 / (1 + Math.Exp(-b / _training.FinalTemperature))).ToArray();
        var (zeros, ones) = (indicators.Count(h => h <= BinaryMargin), indicators.Count(h => h >= 1 - BinaryMargin));
        var use = Limits.Use(IndicatorThreshold.Widths(IndicatorThreshold.Above(beta, 0)));
        var leastUse = Math.Min(WidthAllocation.LeastUse, 1 - _options.BudgetTolerance);
        var (kept, threshold) = IndicatorThreshold.Keep(beta, Allowed, Limits, leastUse);
        var config = ChannelConfig.OfKept(Task.Network, kept, Method(
            ("binaryShare", Text((double)(zeros + ones) / indicators.Length)),
            ("zeroShare", Text((double)zeros / indicators.Length)),
            ("budgetUseByIndicators", Text(use)),
            ("threshold", Text(threshold))));
        if (threshold != 0)
            Task.Log.Warning(
                FormattableString.Invariant($"The channels whose indicators ended near 1 use {100 * use:0} % of the budget of {Limits}: ") +
                FormattableString.Invariant($"channels are kept where β exceeds {threshold:0.####} rather than 0. ") +
                "Search longer, or change BudgetLossWeight or IndicatorLearningRate.");
        using var pruned = Network.Slice(kept);
        Log(config, pruned, null);
        return new FoundChannels(config);

        static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
    }
}
