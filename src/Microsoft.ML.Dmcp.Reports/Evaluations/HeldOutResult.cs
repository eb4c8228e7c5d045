namespace Microsoft.ML.Dmcp.Reports.Evaluations;

/// <summary>What a network says of labelled images.</summary>
/// <param name="ClassNames">Names of the classes.</param>
/// <param name="Counts">Number of images of a class (first) that are taken for a class (second); those that there are.</param>
/// <param name="InTopFive">Images whose class is among the five likeliest.</param>
/// <param name="LogLoss">Mean cross entropy.</param>
/// <param name="Unlabelled">Rows without a class, or with one that the network does not know.</param>
/// <param name="Unread">Rows whose image is missing or cannot be read.</param>
/// <param name="Errors">The most confident errors, the most confident first.</param>
internal sealed record HeldOutResult(
    IReadOnlyList<string> ClassNames, IReadOnlyDictionary<(int Label, int Predicted), int> Counts,
    int InTopFive, double LogLoss, int Unlabelled, int Unread, IReadOnlyList<ConfidentError> Errors)
{
    // Of the normal distribution, for 95 %.
    private const double Quantile = 1.959964;

    /// <summary>Number of images.</summary>
    public int Images { get; } = Counts.Values.Sum();

    /// <summary>Number of images that are classified correctly.</summary>
    public int Correct { get; } = Counts.Where(c => c.Key.Label == c.Key.Predicted).Sum(c => c.Value);

    /// <summary>Share of the images that are classified correctly.</summary>
    public double Accuracy => (double)Correct / Images;

    /// <summary>The classes that have images.</summary>
    public IReadOnlyList<ClassResult> Classes { get; } = ClassesOf(ClassNames, Counts);

    /// <summary>Mean of the accuracies of the classes that have images.</summary>
    public double MeanClassAccuracy => Classes.Where(c => c.Images > 0).Average(c => c.Recall);

    /// <summary>The interval that holds the accuracy on such images with 95 % confidence (Wilson).</summary>
    public (double Low, double High) Interval
    {
        get
        {
            double images = Images;
            var square = Quantile * Quantile;
            var middle = (Accuracy + square / (2 * images)) / (1 + square / images);
            var half = Quantile / (1 + square / images)
                * Math.Sqrt(Accuracy * (1 - Accuracy) / images + square / (4 * images * images));
            return (Math.Max(0, middle - half), Math.Min(1, middle + half));
        }
    }

    private static ClassResult[] ClassesOf(IReadOnlyList<string> names, IReadOnlyDictionary<(int Label, int Predicted), int> counts)
    {
        var (images, predicted, correct) = (new int[names.Count], new int[names.Count], new int[names.Count]);
        foreach (var ((label, said), count) in counts)
        {
            images[label] += count;
            predicted[said] += count;
            correct[label] += label == said ? count : 0;
        }
        return names.Select((name, i) => new ClassResult(i, name, images[i], predicted[i], correct[i])).ToArray();
    }
}
