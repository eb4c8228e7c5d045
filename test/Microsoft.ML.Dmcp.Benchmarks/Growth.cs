using System.Globalization;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>
/// How a search's time and memory grow: one quantity of a CIFAR ResNet at 32x32 varies while the others stay at the base.
/// </summary>
internal static class Growth
{
    private const int Depth = 20, Batch = 64, Classes = 10;

    private static readonly (string Quantity, double[] Values, Func<double, string> Name)[] Quantities =
    [
        ("width", [0.5, 1, 2, 4], v => Name(width: v)),
        ("depth", [20, 32, 56, 110], v => Name(depth: v)),
        ("batch", [32, 64, 128, 256], v => Name(batch: v)),
        ("classes", [10, 100, 1000], v => Name(classes: v)),
    ];

    /// <summary>Measures one after another; the base, which every quantity has among its values, once.</summary>
    /// <param name="measure">Measures the workload of a name.</param>
    public static IEnumerable<GrowthPoint> Measure(Func<string, Measurement> measure)
    {
        var origin = measure(Name());
        foreach (var (quantity, values, name) in Quantities)
        {
            foreach (var value in values)
            {
                var measured = name(value) == Name() ? origin : measure(name(value));
                yield return new GrowthPoint(
                    quantity, value, measured.MedianMilliseconds / origin.MedianMilliseconds, measured.MultiplyAdds / origin.MultiplyAdds,
                    measured);
            }
        }
    }

    private static string Name(double width = 1, double depth = Depth, double batch = Batch, double classes = Classes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{TrainingWorkloads.SearchKind}:cifar-resnet{depth}@{width}:size=32:batch={batch}:classes={classes}");
}
