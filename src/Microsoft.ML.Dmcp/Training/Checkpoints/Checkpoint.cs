using System.Security.Cryptography;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Progress;

namespace Microsoft.ML.Dmcp.Training.Checkpoints;

/// <summary>
/// The state of one run in a file: weights, optimizers, architecture parameters, random state, means and position. A run that was killed
/// at any moment and resumes from it computes what it would have computed.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="identity">Which run it is; a file of another run is refused.</param>
internal sealed class Checkpoint(string path, CheckpointIdentity identity)
{
    /// <summary>Gives the run the state of the file; null when there is no file yet.</summary>
    /// <exception cref="InvalidOperationException">The file is of another run; the message names the first difference.</exception>
    /// <exception cref="FormatException">The file is damaged or no checkpoint.</exception>
    public LoopPosition? Restore(
        TrainingRun run, RandomSource random, Validation? validation, EpochHistory history, EpochPlan plan, int epochs)
    {
        if (!DurableFile.Exists(path))
            return null;
        return CheckpointFile.Read(path, (found, reader) =>
        {
            if (identity.DifferenceFrom(found) is { } difference)
                throw new InvalidOperationException(
                    $"Checkpoint '{path}' is of another run: {difference}. Delete it to begin anew, or give another CheckpointPath" +
                    (identity.DiffersInBudget(found)
                        ? "; to search another budget with its weights, name it as WeightsPath too, with WarmUpShare = 0."
                        : "."));
            run.Network.LoadWeights(reader);
            var position = ReadPosition(reader, plan, epochs);
            random.Load(reader);
            run.Means.Load(reader);
            run.Network.LoadDropout(reader);
            run.Load(reader);
            validation?.Load(reader, run.Network);
            // The first checkpoints end here, with their checksum.
            if (reader.Remaining() > SHA256.HashSizeInBytes)
                history.Load(reader);
            return position;
        });
    }

    private static LoopPosition ReadPosition(BinaryReader reader, EpochPlan plan, int epochs)
    {
        var (epoch, batch, length) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (epoch < 0 || epoch >= epochs || batch < 0 || batch > plan.Batches || length != plan.Images)
            throw new FormatException(
                FormattableString.Invariant($"its position (epoch {epoch} of {epochs}, batch {batch} of {plan.Batches}, ") +
                FormattableString.Invariant($"{length} of {plan.Images} images) cannot be."));
        var order = new int[length];
        var seen = new bool[length];
        for (var i = 0; i < length; i++)
        {
            order[i] = reader.ReadInt32();
            if (order[i] < 0 || order[i] >= length || seen[order[i]])
                throw new FormatException(FormattableString.Invariant($"its order of images names image {order[i]} of {length} wrongly."));
            seen[order[i]] = true;
        }
        return new LoopPosition(epoch, batch, order);
    }

    /// <summary>Makes sure that the file can be written.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public void RequireWritable() => CheckpointFile.RequireWritable(path);

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Save(TrainingRun run, RandomSource random, LoopPosition position, Validation? validation, EpochHistory history) =>
        CheckpointFile.Write(path, identity, writer =>
        {
            run.Network.SaveWeights(writer);
            writer.Write(position.Epoch);
            writer.Write(position.Batch);
            writer.Write(position.Order.Length);
            foreach (var image in position.Order)
                writer.Write(image);
            random.Save(writer);
            run.Means.Save(writer);
            run.Network.SaveDropout(writer);
            run.Save(writer);
            validation?.Save(writer, run.Network);
            history.Save(writer);
        });
}
