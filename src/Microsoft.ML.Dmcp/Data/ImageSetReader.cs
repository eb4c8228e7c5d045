using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>Reads the labelled images of a data view, once.</summary>
internal static class ImageSetReader
{
    /// <summary>Reads all rows. Rows without an image or a label, and images that cannot be decoded, are skipped with a warning.</summary>
    /// <param name="data">Where the rows are.</param>
    /// <param name="labelColumn">Name of the key column of classes.</param>
    /// <param name="imageColumn">Name of the column of images.</param>
    /// <param name="vector">How a vector column holds an image.</param>
    /// <param name="log">Gets warnings, and cancels the reading.</param>
    /// <param name="forTraining">Whether every class needs an image; for validation none does.</param>
    /// <param name="room">Where images are kept; null for what this process has.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// No usable row, fewer than two classes, a class without images, images of several sizes, or more than memory and disk have room for.
    /// </exception>
    public static ImageSet Read(
        IDataView data, string labelColumn, string imageColumn, VectorImage vector, RunLog log, bool forTraining = true,
        ImageRoom? room = null)
    {
        var label = Column(data.Schema, labelColumn, "label");
        var image = Column(data.Schema, imageColumn, "feature");
        var names = LabelColumnReader.ClassNames(label).Texts;
        if (names.Count < 2)
            throw new InvalidOperationException(
                $"Label column '{labelColumn}' has one class, '{names[0]}'; a classifier needs two or more: add images of another class.");

        var (images, labels) = (new ImageKeeper(imageColumn, data.GetRowCount(), room ?? ImageRoom.OfProcess()), new List<int>());
        long rows = 0, unlabelled = 0, skipped = 0;
        Exception? firstFailure = null;
        var failedRows = new List<string>();
        var size = new ImageSize(imageColumn, null);
        try
        {
            foreach (var row in new LabelledRows(label, image, vector).Read(data))
            {
                log.ThrowIfCanceled();
                rows++;
                if (row.Label < 0)
                {
                    unlabelled++;
                    continue;
                }
                if (row.Image is null)
                {
                    var where = row.Texts.Length == 0 ? $"row {rows}" : $"row {rows} ({row.Texts})";
                    if (row.Failure is PixelException)
                        throw new InvalidOperationException(
                            $"In {where}, counted from 1, {row.Failure.Message}: replace the value, or leave the row out.", row.Failure);
                    firstFailure ??= row.Failure;
                    skipped++;
                    if (failedRows.Count < 5)
                        failedRows.Add(where);
                    continue;
                }
                images.Add(size.PixelsOf(row.Image), size.Shape!);
                labels.Add(row.Label);
            }
        }
        catch (Exception e) when (e is OutOfMemoryException or { InnerException: OutOfMemoryException })
        {
            throw images.TooLarge(size.Shape, e);
        }

        if (unlabelled > 0)
            log.Warning($"{unlabelled} of {rows} rows have no label in column '{labelColumn}' and were skipped.");
        if (skipped > 0 && images.Count > 0)
            log.Warning($"{skipped} of {rows} images in column '{imageColumn}' could not be read and were skipped: " +
                $"{string.Join(", ", failedRows)}{(skipped > failedRows.Count ? " ..." : "")}, counted from 1. Repair or remove them." +
                (firstFailure is null ? "" : $" The first failure: {firstFailure.Message}"));
        if (images.Count == 0)
            throw new InvalidOperationException(rows == 0
                ? "The data view has no rows; training needs labelled images."
                : $"None of the {rows} rows has a label in '{labelColumn}' and an image in '{imageColumn}' that can be read" +
                    (firstFailure is null ? "." : $"; the first failure: {firstFailure.Message}"), firstFailure);
        if (images.Remark(size.Shape!) is { } remark)
            log.Warning(remark);
        var set = new ImageSet(size.Shape!, images.ToStore(), labels, names.Count) { ClassNames = names };
        if (forTraining)
            CheckClasses(set, names, labelColumn);
        return set;
    }

    /// <summary>A column by name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none; the message is ML.NET's.</exception>
    public static DataViewSchema.Column Column(DataViewSchema schema, string name, string role) =>
        schema.GetColumnOrNull(name) ?? throw MissingColumn.Error(role, name, schema.Select(c => c.Name));

    private static void CheckClasses(ImageSet set, IReadOnlyList<string> names, string labelColumn)
    {
        var counts = new int[names.Count];
        foreach (var label in set.Labels)
            counts[label]++;
        var empty = Enumerable.Range(0, names.Count).Where(i => counts[i] == 0).Select(i => $"'{names[i]}'").ToArray();
        if (names.Count - empty.Length < 2)
            throw new InvalidOperationException(
                $"All {set.Count} images are of one class, '{names[set.Labels[0]]}'; a classifier needs two or more.");
        if (empty.Length > 0)
            throw new InvalidOperationException($"Label column '{labelColumn}' has {names.Count} classes, " +
                $"but no image that can be read is of class {string.Join(", ", empty.Take(10))}{(empty.Length > 10 ? " ..." : "")}: " +
                "add images, or leave the class out.");
    }
}
