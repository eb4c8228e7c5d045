using System.Globalization;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>
/// DMCP: trains weights and a Markov process over channels (<see cref="DmcpTraining"/>), then takes its expected widths (3.3).
/// </summary>
internal sealed class DmcpSearch : TrainedSearch
{
    // A shift of all α by which no probability changes much.
    private const double LargestQuietShift = 0.25;

    private readonly DmcpSearchOptions _options;
    private readonly ImageBatches? _aside;
    private readonly DmcpTraining _training;

    /// <param name="task">What it works on, with all images.</param>
    /// <param name="options">How to search; checked.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget.</exception>
    /// <exception cref="InvalidOperationException">No image can be put aside for α, which needs some.</exception>
    public DmcpSearch(SearchTask task, DmcpSearchOptions options)
        : this(options.SeparateArchitectureImages || task.AllImages.CanSplit(options.EvaluationShare)
            ? task.Split(options.EvaluationShare, nameof(options.EvaluationShare)) : (task, null), options)
    {
    }

    private DmcpSearch((SearchTask Task, ImageBatches? Aside) images, DmcpSearchOptions options)
        : base(images.Task, options, new WidthGrid(images.Task.Network, options.RangeFor(images.Task.Network)).MinWidths)
    {
        (_options, _aside) = (options, images.Aside);
        var task = images.Task;
        var device = task.Images.Device;
        Model = new MarkovModel(task.Network, options.RangeFor(task.Network), options.Transition, ScalarType.Float32, device);
        if (options.InitialChain is { } chain)
            Model.Initialize(chain, Limits);
        else
            Model.Initialize(options.InitialAlpha ?? Model.AlphaThatMeets(Limits), options.InitialAlphaDeviation, Random);
        Network = new SlimmableNetwork(task.Network, device, Random);
        _training = new DmcpTraining(
            Network, Model, Limits, options, task.Images, options.SeparateArchitectureImages ? _aside : null, Random);
    }

    public override SlimmableNetwork Network { get; }

    /// <summary>The Markov model that is searched.</summary>
    internal MarkovModel Model { get; }

    /// <inheritdoc cref="DmcpTraining.ExpectedNow"/>
    internal double[] ExpectedNow() => _training.ExpectedNow();

    public override DmcpTraining Training => _training;

    protected override void Arrange(SandwichSearchOptions options, bool sorts)
    {
        if (_options.StartsFromRanking && Network.FreshClassifier is null)
        {
            StartFromRanking(sorts);
            return;
        }
        if (_options.StartFromRanking is true)
            throw new InvalidOperationException(
                $"The weights of '{_options.WeightsPath}' have no classifier of these {Task.Network.Classes} classes: their loss does " +
                "not rank channels (StartFromRanking). Fine-tune the unpruned network first (a budget of 100 %), or leave it null.");
        base.Arrange(options, sorts);
    }

    protected override FoundChannels Choose()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var expected = ExpectedNow();
        if (!expected.All(double.IsFinite))
            throw new InvalidOperationException(
                "The search diverged: the architecture parameters are not finite. Lower ArchitectureLearningRate.");
        var (widths, shift) = ExpectedSampling.Sample(Model, Allowed, Limits);
        if (Math.Abs(shift) > LargestQuietShift)
            Task.Log.Warning(ShiftWarning(expected, shift));
        (widths, var comparison) = CompareWithUniform(widths, _aside, _options.FallBackToUniform);
        var shifted = shift.ToString("0.####", CultureInfo.InvariantCulture);
        var config = ChannelConfig.Of(Task.Network, widths, Method([("alphaShift", shifted), .. SettingsOf(comparison)]));
        LogCosts(config);
        return new FoundMarkovProcess(config, new SearchedChain(Model.Chain(), Limits), comparison);
    }

    private void StartFromRanking(bool sorts)
    {
        var ranking = new GlobalRanking(Allowed, Limits, Task.Network.FullWidths, perCost: false);
        using var loss = new ClassificationLoss(_options, Task.Images.Set, Network.Device, Task.Images.Ranks);
        var ranked = RankedChannels.InRounds(
            Network, Task.Network.AllChannels, ranking, (0, 1), RankedChannels.UsualRounds, network => TaylorImportance.Of(
                network, Task.Images, loss, TaylorImportance.UsualBatches, new RandomSource(Task.Seed).Fork("ranking"), Task.Log));
        if (sorts)
        {
            ChannelOrder.Arrange(Network, ranked.Order);
            ChannelSorting.Tell(Task.Log, "global Taylor ranking");
        }
        Model.Initialize(ranked.Widths, Limits);
        Task.Log.Info($"The search starts from the widths of a global ranking: {string.Join(' ', ranked.Widths)}.");
    }

    private string ShiftWarning(double[] expected, double shift)
    {
        var uses = Limits.Items.Zip(expected, (limit, e) =>
            FormattableString.Invariant($"{100 * e / limit.Millions:0} % of the budget of {limit}"));
        return FormattableString.Invariant(
            $"The expected cost at the end of the search is {string.Join(" and ", uses)}: ") +
            FormattableString.Invariant($"all α were shifted by {shift:0.00} to use the budget. ") +
            "Search longer, or raise BudgetLossWeight or ArchitectureLearningRate.";
    }
}
