using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>
/// DAIS's indicators: every channel of every group has h = sigmoid(β/T), and is kept where h &gt; 0.5, that is β &gt; 0, in the end. T
/// falls from 1 towards 0, which makes h binary. Layers that are tied share their indicators.
/// </summary>
internal sealed class ChannelIndicators : IRunState, IDisposable
{
    // An indicator of 0.98: farther out there is hardly a gradient.
    private const double LargestStart = 4;

    private readonly Tensor _membership;
    private readonly IReadOnlyList<ChannelGroup> _groups;

    /// <summary>Indicators with every β at one value.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="start">The value.</param>
    /// <param name="dtype">Type of β.</param>
    /// <param name="device">Where the search runs.</param>
    public ChannelIndicators(NetworkDescription network, double start, ScalarType dtype, Device device)
    {
        _groups = network.Groups;
        var channels = network.Groups.Sum(g => g.Channels);
        var membership = new double[network.Groups.Count * channels];
        foreach (var group in network.Groups)
            membership.AsSpan(group.Index * channels + network.GateOffsets[group.Index], group.Channels).Fill(1);
        using var scope = NewDisposeScope();
        _membership = tensor(membership, [network.Groups.Count, channels]).to(dtype).to(device).DetachFromDisposeScope();
        Beta = new Parameter(full([channels], start, dtype, device), true);
        Beta.DetachFromDisposeScope();
    }

    /// <summary>The β at which equal indicators, not annealed yet, meet the budget.</summary>
    public static double BetaThatMeets(NetworkDescription network, CostLimits limits) =>
        limits.Largest(beta => network.FullWidths.Select(w => w / (1 + Math.Exp(-beta))).ToArray(), -LargestStart, LargestStart);

    /// <summary>β of every channel, group after group, [channels].</summary>
    public Parameter Beta { get; }

    /// <summary>h = sigmoid(β/T), [channels]: the gates of the network.</summary>
    public Tensor Values(double temperature) => Beta.DividedBy(temperature).sigmoid();

    /// <summary>Expected width of every group, Σ h over its channels, [groups].</summary>
    public Tensor ExpectedWidths(Tensor values) => _membership.matmul(values);

    /// <summary>β on the host, group by group. Waits for the device.</summary>
    public double[][] OnHost()
    {
        using var scope = NewDisposeScope();
        var all = Beta.detach().to(ScalarType.Float64).cpu().data<double>().ToArray();
        var offset = 0;
        return _groups.Select(g => all[offset..(offset += g.Channels)]).ToArray();
    }

    /// <summary>Writes β. Waits for the device.</summary>
    public void Save(BinaryWriter writer)
    {
        foreach (var value in OnHost().SelectMany(group => group))
            writer.Write(value);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Beta.copy_(tensor(Enumerable.Range(0, (int)Beta.numel()).Select(_ => reader.ReadDouble()).ToArray()));
    }

    public void Dispose()
    {
        Beta.Dispose();
        _membership.Dispose();
    }
}
