using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary>
/// Measures a training on images that it does not see, after every epoch: stops it when it gets no better, and keeps the best epoch.
/// </summary>
/// <param name="images">The images.</param>
/// <param name="patience">Epochs without a better one after which the training ends; null for never.</param>
/// <param name="keepsBest">Whether the weights of the best epoch are kept rather than those of the last.</param>
/// <param name="log">Gets the choice, and cancels a measurement.</param>
internal sealed class Validation(ImageBatches images, int? patience, bool keepsBest, RunLog log) : IDisposable
{
    private readonly Dictionary<string, Tensor> _best = [];
    private double _bestAccuracy = -1;
    private int _bestEpoch;
    private int _epochs;

    /// <summary>Whether so many epochs brought nothing that the training should end.</summary>
    public bool IsOver => patience is not null && _epochs - _bestEpoch >= patience;

    /// <summary>Epochs that were measured.</summary>
    public int Epochs => _epochs;

    /// <summary>Whether the weights of an epoch are kept that classified something.</summary>
    public bool KeepsAnEpoch => keepsBest && _bestAccuracy > 0;

    /// <summary>Accuracy after an epoch; the weights are kept when it is the best.</summary>
    /// <param name="network">The network, its statistics ready for evaluation.</param>
    /// <param name="widths">At which widths; null for the full ones.</param>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public double Measure(SlimmableNetwork network, IReadOnlyList<int>? widths)
    {
        var accuracy = Evaluation.Accuracy(network, widths, images, log);
        _epochs++;
        if (accuracy > _bestAccuracy)
        {
            _bestAccuracy = accuracy;
            _bestEpoch = _epochs;
            if (keepsBest)
                Keep(network);
        }
        return accuracy;
    }

    /// <summary>What decides its choice, as text for checkpoints.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{CheckpointIdentity.DigestOf(images.Set)}, patience {patience}, best {keepsBest}");

    /// <summary>Gives the network the weights of its best epoch, if they are kept.</summary>
    public void Restore(SlimmableNetwork network)
    {
        if (!keepsBest || _epochs == 0)
            return;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, value) in network.state_dict())
            value.copy_(_best[name]);
        log.Info(FormattableString.Invariant(
            $"The weights are those of epoch {_bestEpoch} of {_epochs}, whose validation accuracy of {_bestAccuracy:0.000} is the best."));
    }

    /// <summary>Writes the state.</summary>
    public void Save(BinaryWriter writer, SlimmableNetwork network)
    {
        writer.Write(_bestAccuracy);
        writer.Write(_bestEpoch);
        writer.Write(_epochs);
        if (keepsBest && _epochs > 0)
            Swapped(network, () => network.SaveWeights(writer));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(BinaryReader reader, SlimmableNetwork network)
    {
        _bestAccuracy = reader.ReadDouble();
        _bestEpoch = reader.ReadInt32();
        _epochs = reader.ReadInt32();
        if (!keepsBest || _epochs == 0)
            return;
        Keep(network);
        Swapped(network, () => network.LoadWeights(reader));
    }

    public void Dispose()
    {
        foreach (var value in _best.Values)
            value.Dispose();
    }

    private void Keep(SlimmableNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, value) in network.state_dict())
        {
            if (_best.TryGetValue(name, out var kept))
                kept.copy_(value);
            else
                _best[name] = value.detach().clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Does something while the network has the best weights and <c>_best</c> its own; then each has what the other had.</summary>
    private void Swapped(SlimmableNetwork network, Action action)
    {
        Swap(network);
        try
        {
            action();
        }
        finally
        {
            Swap(network);
        }
    }

    private void Swap(SlimmableNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, value) in network.state_dict())
        {
            var own = value.detach().clone();
            value.copy_(_best[name]);
            _best[name].copy_(own);
        }
    }
}
