using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Estimators;

namespace Microsoft.ML.Dmcp.Reports.Evaluations;

/// <summary>Predicts labelled images and counts what is right; keeps the pictures of the most confident errors only.</summary>
/// <param name="model">What prepares the images and predicts.</param>
/// <param name="network">Its network.</param>
/// <param name="options">Column of labels, number of errors.</param>
internal sealed class HeldOutReader(ITransformer model, PrunedNetworkTransformer network, PruningReportOptions options)
{
    // Of a probability that is no longer told from 0.
    private const double LeastProbability = 1e-15;

    /// <summary>An error before its picture is read; rows count from 1.</summary>
    private sealed record Found(long Row, int Label, int Predicted, float Probability);

    /// <exception cref="ArgumentOutOfRangeException">The column of labels is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used.</exception>
    public HeldOutResult Read(IDataView heldOut)
    {
        var scored = model.Transform(heldOut);
        var label = ImageSetReader.Column(scored.Schema, options.LabelColumnName, "label");
        var score = scored.Schema[network.ScoreColumn];
        using var cursor = scored.GetRowCursor([label, score]);
        var (labelOf, scoresOf) = (LabelReader(cursor, label), cursor.GetGetter<VBuffer<float>>(score));
        var (counts, errors) = (new Dictionary<(int, int), int>(), new PriorityQueue<Found, (float, long)>());
        var (rows, inTopFive, unlabelled, unread, loss) = (0L, 0, 0, 0, 0.0);
        var buffer = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            rows++;
            var truth = labelOf();
            if (truth < 0)
            {
                unlabelled++;
                continue;
            }
            scoresOf(ref buffer);
            var scores = buffer.DenseValues().ToArray();
            if (scores.Any(float.IsNaN))
            {
                unread++;
                continue;
            }
            var said = Array.IndexOf(scores, scores.Max());
            counts[(truth, said)] = counts.GetValueOrDefault((truth, said)) + 1;
            inTopFive += scores.Count(s => s > scores[truth]) < 5 ? 1 : 0;
            loss -= Math.Log(Math.Max(scores[truth], LeastProbability));
            if (said == truth)
                continue;
            errors.Enqueue(new Found(rows, truth, said, scores[said]), (scores[said], -rows));
            if (errors.Count > options.NumberOfErrors)
                errors.Dequeue();
        }
        if (counts.Count == 0)
            throw NothingRead(rows, unlabelled, unread);
        var kept = errors.UnorderedItems.Select(e => e.Element).ToArray();
        return new HeldOutResult(
            network.ClassNames, counts, inTopFive, loss / counts.Values.Sum(), unlabelled, unread, WithPictures(heldOut, kept));
    }

    /// <summary>Reads the pictures of a few rows, as the network gets them; the others are not decoded.</summary>
    private ConfidentError[] WithPictures(IDataView heldOut, Found[] found)
    {
        if (found.Length == 0)
            return [];
        var prepared = ModelParts.InputOf(model, network, heldOut);
        var column = ImageSetReader.Column(prepared.Schema, network.FeatureColumn, "feature");
        using var cursor = prepared.GetRowCursor([column]);
        ImageColumnReader? reader = null;
        network.Use(trained => reader = ImageColumnReader.Open(cursor, column, trained.Vector));
        var (errors, row) = (new List<ConfidentError>(found.Length), 0L);
        foreach (var error in found.OrderBy(e => e.Row))
        {
            while (row < error.Row && cursor.MoveNext())
                row++;
            Exception? failure = null;
            if (reader!.ReadOrSkip(ref failure) is { } image)
                errors.Add(new ConfidentError(image, SourceOf(image, row), error.Label, error.Predicted, error.Probability));
        }
        return errors.OrderByDescending(e => e.Probability).ToArray();
    }

    /// <summary>The folder and name of a file: whole paths tell more about the machine than readers need.</summary>
    private static string SourceOf(ReadImage image, long row)
    {
        if (image.File is not { Length: > 0 } path)
            return FormattableString.Invariant($"row {row}");
        var folder = Path.GetFileName(Path.GetDirectoryName(path));
        return string.IsNullOrEmpty(folder) ? Path.GetFileName(path) : $"{folder}/{Path.GetFileName(path)}";
    }

    /// <summary>A reader of the current row's class, by its name: 0-based, −1 where it is missing or none of the network's.</summary>
    private Func<int> LabelReader(DataViewRow row, DataViewSchema.Column column)
    {
        var classes = network.ClassNames.Select((name, i) => (name, i)).DistinctBy(c => c.name).ToDictionary(c => c.name, c => c.i);
        if (column.Type is TextDataViewType)
        {
            var text = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> value = default;
            return () =>
            {
                text(ref value);
                return classes.GetValueOrDefault(value.ToString(), -1);
            };
        }
        var byKey = LabelColumnReader.ClassNames(column).Texts.Select(name => classes.GetValueOrDefault(name, -1)).ToArray();
        var key = LabelColumnReader.Open(row, column);
        return () => key() is var k && k >= 0 && k < byKey.Length ? byKey[k] : -1;
    }

    private InvalidOperationException NothingRead(long rows, int unlabelled, int unread) => new(rows == 0
        ? "The held-out data has no rows: give labelled images that the network was not trained on, or null for a report without them."
        : FormattableString.Invariant($"Of {rows} held-out rows, {unlabelled} have no class of the network in column ") +
            FormattableString.Invariant($"'{options.LabelColumnName}' and {unread} no image that can be read; none is left. ") +
            $"The network's classes: {string.Join(", ", network.ClassNames.Take(5))}{(network.ClassNames.Count > 5 ? ", ..." : "")}.");
}
