using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>
/// The channels that are left of a network while it is pruned step by step. Gates of 0 take the others out, which then learn nothing.
/// </summary>
/// <param name="network">The unpruned network.</param>
internal sealed class KeptChannels(SlimmableNetwork network) : IRunState, IDisposable
{
    private readonly NetworkDescription _description = network.Description;

    /// <summary>The channels of every group, ascending; all at first.</summary>
    public int[][] Indices { get; private set; } = network.Description.AllChannels;

    /// <summary>1 for every channel that is left and 0 for the others, group after group; null while all are left.</summary>
    public Tensor? Gates { get; private set; }

    /// <summary>Takes all other channels out of the network.</summary>
    public void Keep(int[][] kept)
    {
        var flags = new float[_description.FullWidths.Sum()];
        foreach (var group in _description.Groups)
            foreach (var channel in kept[group.Index])
                flags[_description.GateOffsets[group.Index] + channel] = 1;
        using var scope = NewDisposeScope();
        Gates?.Dispose();
        Gates = tensor(flags).to(network.DataType).to(network.Device).DetachFromDisposeScope();
        Indices = kept;
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var kept in Indices)
        {
            writer.Write(kept.Length);
            foreach (var channel in kept)
                writer.Write(channel);
        }
    }

    public void Load(BinaryReader reader)
    {
        var kept = new int[_description.Groups.Count][];
        foreach (var group in _description.Groups)
        {
            var width = reader.ReadInt32();
            if (width < 1 || width > group.Channels)
                throw new FormatException(FormattableString.Invariant($"it keeps {width} of {group.Channels} channels of '{group.Name}'."));
            kept[group.Index] = Enumerable.Range(0, width).Select(_ => reader.ReadInt32()).ToArray();
            var last = -1;
            foreach (var channel in kept[group.Index])
            {
                if (channel <= last || channel >= group.Channels)
                    throw new FormatException(FormattableString.Invariant($"it names channel {channel} of '{group.Name}' wrongly."));
                last = channel;
            }
        }
        if (kept.Select(k => k.Length).SequenceEqual(_description.FullWidths))
            return;
        Keep(kept);
    }

    public void Dispose() => Gates?.Dispose();
}
