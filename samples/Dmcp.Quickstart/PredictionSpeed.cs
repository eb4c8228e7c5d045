using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>How long a prediction takes.</summary>
/// <param name="Single">Milliseconds an image, one at a time.</param>
/// <param name="Batched">Milliseconds an image, 64 in one forward pass.</param>
internal sealed record PredictionSpeed(double Single, double Batched)
{
    /// <summary>Images that a measurement predicts in batches.</summary>
    public const int Images = 256;

    /// <summary>Usual number of measurements; the median counts.</summary>
    public const int UsualRounds = 11;

    private const int SingleImages = 32;

    /// <summary>
    /// Measures networks in turns, so that what else the machine does meets all of them; the first round, not counted, warms up.
    /// </summary>
    /// <param name="ml">The context.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="images">Images, read and resized: what is measured is the network.</param>
    /// <param name="size">Their width and height.</param>
    /// <param name="cancellation">Stops it between two measurements.</param>
    /// <param name="rounds">Measurements of each network.</param>
    public static IReadOnlyList<PredictionSpeed> Measure(
        MLContext ml, IReadOnlyList<PrunedNetworkTransformer> networks, IReadOnlyList<InMemoryImage> images, int size,
        CancellationToken cancellation, int rounds = UsualRounds)
    {
        var schema = InMemoryImage.Schema(size);
        var (single, batched) = (networks.Select(_ => new List<double>()).ToArray(), networks.Select(_ => new List<double>()).ToArray());
        // Batches begin small and grow to 64: the images repeat, so that nearly all are whole.
        var view = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Images).Select(i => images[i % images.Count]), schema);
        var engines = networks.Select(network => ml.Model.CreatePredictionEngine<InMemoryImage, Prediction>(
            network, new PredictionEngineOptions { InputSchemaDefinition = schema, OwnsTransformer = false })).ToArray();
        for (var round = 0; round <= rounds; round++)
            for (var i = 0; i < networks.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var watch = Stopwatch.StartNew();
                for (var n = 0; n < SingleImages; n++)
                    engines[i].Predict(images[n % images.Count]);
                single[i].Add(watch.Elapsed.TotalMilliseconds / SingleImages);
                watch.Restart();
                var predicted = networks[i].Transform(view).GetColumn<float[]>(nameof(Prediction.Score)).Count();
                batched[i].Add(watch.Elapsed.TotalMilliseconds / predicted);
            }
        foreach (var engine in engines)
            engine.Dispose();
        return networks.Select((_, i) => new PredictionSpeed(Median(single[i]), Median(batched[i]))).ToArray();
    }

    // The first time is that of the warm-up.
    private static double Median(IReadOnlyList<double> times) => times.Skip(1).Order().ElementAt((times.Count - 1) / 2);
}
