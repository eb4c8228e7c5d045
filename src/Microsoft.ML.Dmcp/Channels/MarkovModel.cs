using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>
/// Channel pruning as a Markov process (3.1.1): in every channel group, block k is kept with probability p_k given that block k − 1 is
/// kept. The α of all groups live in one tensor [groups, blocks], masked where a group has fewer blocks.
/// </summary>
internal sealed class MarkovModel : IRunState, IDisposable
{
    // By how much the log-odds of keeping a block fall from one to the next around a width that the process starts at.
    private const double StartSlope = 1;

    /// <summary>Beyond it a sigmoid is 0 or 1 in single precision: all blocks are pruned or kept.</summary>
    public const double LargestAlpha = 30;

    private readonly TransitionKind _kind;
    private readonly Tensor _mask;
    private readonly Tensor _minChannels;
    private readonly Tensor _blockSizes;
    private readonly Tensor _blockOfChannel;

    /// <summary>A model with every α = 0 (sigmoid: p = 0.5), as the release starts.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="widths">The range of widths.</param>
    /// <param name="kind">How p follows from α.</param>
    /// <param name="dtype">Type of α.</param>
    /// <param name="device">Where the search runs.</param>
    public MarkovModel(NetworkDescription network, WidthRange widths, TransitionKind kind, ScalarType dtype, Device device)
    {
        _kind = kind;
        Grid = new WidthGrid(network, widths);
        var (groups, columns) = (Blocks.Count, Blocks.Select(b => b.Blocks).Append(1).Max());
        using (NewDisposeScope())
        {
            var mask = new double[groups * columns];
            for (var g = 0; g < groups; g++)
                mask.AsSpan(g * columns, Blocks[g].Blocks).Fill(1);
            _mask = tensor(mask, [groups, columns]).to(dtype).to(device).DetachFromDisposeScope();
            _minChannels = tensor(Blocks.Select(b => (double)b.MinChannels).ToArray()).to(dtype).to(device).DetachFromDisposeScope();
            _blockSizes = tensor(Blocks.Select(b => (double)b.BlockSize).ToArray()).to(dtype).to(device).DetachFromDisposeScope();
            _blockOfChannel = tensor(Blocks.SelectMany((b, g) => GateIndices(b, g, columns)).ToArray()).to(device).DetachFromDisposeScope();
            Alpha = new Parameter(zeros([groups, columns], dtype, device), true);
            Alpha.DetachFromDisposeScope();
        }
    }

    /// <summary>The architecture parameters, [groups, blocks].</summary>
    public Parameter Alpha { get; }

    /// <summary>The widths that groups can have.</summary>
    public WidthGrid Grid { get; }

    /// <summary>How each group is cut into blocks.</summary>
    public IReadOnlyList<ChannelBlocks> Blocks => Grid.Blocks;

    /// <summary>p_k (Eq. 5), [groups, blocks]; 0 where a group has no such block.</summary>
    public Tensor Transitions() => LogTransitions().exp().mul(_mask);

    /// <summary>
    /// The probability that a block is kept, ∏ p_i (Eq. 6), [groups, blocks]. Computed as exp(Σ log p_i): libtorch's cumprod waits for the
    /// device on the way back, and a sum of logarithms keeps its digits where p is small.
    /// </summary>
    public Tensor Marginals() => LogTransitions().cumsum(1).exp().mul(_mask);

    /// <summary>Expected width of every group (Eq. 8): minChannels + blockSize·Σ marginals, [groups].</summary>
    public Tensor ExpectedWidths() => ExpectedWidths(Marginals());

    /// <summary>Expected width of every group for marginals at hand.</summary>
    public Tensor ExpectedWidths(Tensor marginals) => marginals.sum(1).mul(_blockSizes).Plus(_minChannels);

    /// <summary>
    /// The factor of every channel (Eq. 7): the marginal of its block, 1 for channels that are always kept. One vector over the channels of
    /// all groups; group g's begin at <see cref="NetworkDescription.GateOffsets"/>[g].
    /// </summary>
    public Tensor Gates(Tensor marginals) =>
        cat([ones([1L], marginals.dtype, marginals.device), marginals.flatten()], 0).index_select(0, _blockOfChannel);

    /// <summary>The value of every α at which the expected cost meets the budget.</summary>
    public double AlphaThatMeets(CostLimits limits) => AlphaOnHost()[0, 0] + TowardsKeeping(ShiftThatMeets(limits));

    /// <summary>Gives α its start values.</summary>
    public void Initialize(double mean, double deviation, RandomSource random)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(random.NextUInt64() >> 1);
        Alpha.copy_(randn(Alpha.shape, ScalarType.Float32, CPU, false, generator).mul(deviation).add(mean));
        Project();
    }

    /// <summary>Gives α the values of a chain, all moved by the one number at which the expected cost meets the budget.</summary>
    /// <exception cref="InvalidOperationException">The chain has other blocks of channels.</exception>
    public void Initialize(MarkovChain chain, CostLimits limits)
    {
        if (!chain.Blocks.SequenceEqual(Blocks))
            throw new InvalidOperationException(
                "The search to begin with is of another network or range of widths: give this one the same Network and Widths.");
        Initialize((g, k) => chain.Transitions[g][k], limits);
    }

    /// <summary>
    /// Gives α values that draw widths around given ones: p of a block is 1/2 at the width, nearly 1 well below it and nearly 0 well above.
    /// All are then moved by the one number at which the expected cost meets the budget.
    /// </summary>
    /// <param name="widths">The width of every group.</param>
    /// <param name="limits">The budget.</param>
    public void Initialize(IReadOnlyList<int> widths, CostLimits limits) =>
        Initialize((g, k) => 1 / (1 + Math.Exp(StartSlope * (k - Blocks[g].BlocksIn(widths[g])))), limits);

    /// <summary>The chain as it stands now, on the host. Waits for the device.</summary>
    public MarkovChain Chain()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var transitions = ToHost(Transitions());
        var ofGroups = Blocks.Select((b, g) => Enumerable.Range(0, b.Blocks).Select(k => transitions[g, k]).ToArray());
        return new MarkovChain(Blocks, ofGroups.ToArray());
    }

    /// <summary>α on the host. Waits for the device.</summary>
    public double[,] AlphaOnHost()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return ToHost(Alpha.detach());
    }

    /// <summary>Writes α. Waits for the device.</summary>
    public void Save(BinaryWriter writer)
    {
        foreach (var alpha in AlphaOnHost())
            writer.Write(alpha);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var values = Enumerable.Range(0, (int)Alpha.numel()).Select(_ => reader.ReadDouble()).ToArray();
        Alpha.copy_(tensor(values, Alpha.shape));
    }

    /// <summary>
    /// Expected widths on the host with every α moved by the same amount towards keeping (shift &gt; 0) or pruning. Waits for the device.
    /// </summary>
    public double[] ExpectedWidthsOnHost(double shift = 0) => ExpectedWidthsOf(AlphaOnHost(), shift);

    /// <summary>Brings α back into its range after an optimizer step: exponential transitions need α ≥ 0, as in the release.</summary>
    public void Project()
    {
        if (_kind == TransitionKind.Sigmoid)
            return;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Alpha.clamp_min_(0);
    }

    /// <summary>Moves every α by the one number at which the expected cost meets the budget. Waits for the device.</summary>
    public void ShiftOnto(CostLimits limits)
    {
        var shift = ShiftThatMeets(limits);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Alpha.add_(TowardsKeeping(shift));
        Project();
    }

    /// <summary>
    /// Moves α along the gradient of the expected cost until this meets the budget: to first order the nearest α that does. Only so do
    /// steps of the task loss end where widening any group gains the same per cost; moving all α alike, they would end where it gains the
    /// same per α, whatever a group costs. Waits for the device.
    /// </summary>
    /// <param name="limits">The budget.</param>
    /// <param name="costGradient">Derivative of the expected cost of the limit used most with respect to α, [groups, blocks].</param>
    public void ProjectOnto(CostLimits limits, Tensor costGradient)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Where no α changes the cost any more, none is moved.
        var direction = costGradient.div(costGradient.abs().max().clamp_min(1e-30));
        var both = ToHost(cat([Alpha, direction], 0));
        var distance = limits.Largest(
            x => ExpectedWidthsOf((g, k) => both[g, k] + x * both[Blocks.Count + g, k]), -2 * LargestAlpha, 2 * LargestAlpha);
        Alpha.add_(direction.mul(distance));
        Project();
    }

    public void Dispose()
    {
        Alpha.Dispose();
        _mask.Dispose();
        _minChannels.Dispose();
        _blockSizes.Dispose();
        _blockOfChannel.Dispose();
    }

    private void Initialize(Func<int, int, double> transition, CostLimits limits)
    {
        using (NewDisposeScope())
        {
            using var noGradient = no_grad();
            var values = new double[Alpha.numel()];
            for (var g = 0; g < Blocks.Count; g++)
                for (var k = 0; k < Blocks[g].Blocks; k++)
                    values[g * Alpha.shape[1] + k] = AlphaOf(transition(g, k));
            Alpha.copy_(tensor(values, Alpha.shape));
        }
        ShiftOnto(limits);
    }

    /// <summary>The α of a transition probability, within the range in which single precision tells probabilities apart.</summary>
    private double AlphaOf(double p) => _kind == TransitionKind.Sigmoid
        ? Math.Clamp(Math.Log(p / (1 - p)), -LargestAlpha, LargestAlpha)
        : Math.Clamp(-Math.Log(p), 0, LargestAlpha);

    /// <summary>How far every α must be moved towards keeping until the expected cost meets the budget.</summary>
    private double ShiftThatMeets(CostLimits limits)
    {
        var alpha = AlphaOnHost();
        return limits.Largest(shift => ExpectedWidthsOf(alpha, shift), -LargestAlpha, LargestAlpha);
    }

    /// <summary>The expected widths (Eq. 8) with every α moved by the same amount towards keeping.</summary>
    private double[] ExpectedWidthsOf(double[,] alpha, double shift) =>
        ExpectedWidthsOf((g, k) => alpha[g, k] + TowardsKeeping(shift));

    /// <summary>What is to be added to an α for a shift towards keeping: exponential transitions keep less where α is larger.</summary>
    private double TowardsKeeping(double shift) => _kind == TransitionKind.Sigmoid ? shift : -shift;

    /// <summary>The expected widths (Eq. 8) in double precision.</summary>
    private double[] ExpectedWidthsOf(Func<int, int, double> alpha)
    {
        var widths = new double[Blocks.Count];
        for (var g = 0; g < widths.Length; g++)
        {
            var (marginal, sum) = (1.0, 0.0);
            for (var k = 0; k < Blocks[g].Blocks; k++)
            {
                marginal *= _kind == TransitionKind.Sigmoid ? 1 / (1 + Math.Exp(-alpha(g, k))) : Math.Exp(-Math.Max(0, alpha(g, k)));
                sum += marginal;
            }
            widths[g] = Blocks[g].MinChannels + Blocks[g].BlockSize * sum;
        }
        return widths;
    }

    // log sigmoid(α) = −softplus(−α): exact also where sigmoid(α) would round to 0. Exponential: Project() keeps α ≥ 0, and no
    // maximum stands in the formula, or the gradient would vanish at α = 0, where the search starts.
    private Tensor LogTransitions() =>
        _kind == TransitionKind.Sigmoid ? nn.functional.softplus(Alpha.neg()).neg() : Alpha.neg();

    private static double[,] ToHost(Tensor matrix)
    {
        var flat = matrix.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        var result = new double[matrix.shape[0], matrix.shape[1]];
        Buffer.BlockCopy(flat, 0, result, 0, flat.Length * sizeof(double));
        return result;
    }

    /// <summary>For every channel of a group: 0 where always kept, else 1 + the position of its block's marginal.</summary>
    private static IEnumerable<long> GateIndices(ChannelBlocks blocks, int group, int columns)
    {
        for (var channel = 0; channel < blocks.Channels; channel++)
            yield return channel < blocks.MinChannels ? 0 : 1 + group * columns + (channel - blocks.MinChannels) / blocks.BlockSize;
    }
}
