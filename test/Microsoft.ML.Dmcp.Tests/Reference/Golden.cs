using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp.Tests.Reference;

/// <summary>Figures computed by the authors' PyTorch release (shared/reference/README.md of this project's makers).</summary>
internal sealed record Golden(
    IReadOnlyList<GoldenMarkovLayer> MarkovLayer, IReadOnlyList<GoldenNetwork> Networks, IReadOnlyList<GoldenBudgetLoss> BudgetLoss)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    public static Golden Figures { get; } = JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "dmcp-golden.json")), Json)!;

    /// <summary>The pattern of α that the figures were computed with: 2·sin(0.7·(layer + 1) + 0.3·i).</summary>
    public static double Alpha(int layer, int block) => 2 * Math.Sin(0.7 * (layer + 1) + 0.3 * block);
}

internal sealed record GoldenMarkovLayer(
    int Channels,
    double[] Widths,
    int MinChannels,
    int GroupSize,
    int Groups,
    double[] Alpha,
    double[] Transition,
    double[] Marginal,
    double ExpectedChannels,
    [property: JsonPropertyName("dExpected_dAlpha")] double[] ExpectedGradient,
    GoldenSampling ExpectedSampling,
    GoldenGate Gate);

internal sealed record GoldenSampling(int NearestGroupWidth, int Rounded);

internal sealed record GoldenGate(
    double SumOutput, double SumSquares, [property: JsonPropertyName("dSumSquares_dAlpha")] double[] SumSquaresGradient);

internal sealed record GoldenNetwork(
    string Network,
    int InputSize,
    int Classes,
    double MaxParamsM,
    double MaxMFlops,
    double GroupMinMFlops,
    double GroupMaxMFlops,
    double PatternExpectedMFlops,
    double PatternExpectedSamplingMFlops,
    [property: JsonPropertyName("initialExpectedMFlops(alpha=0)")] double InitialExpectedMFlops,
    IReadOnlyList<GoldenGroup> Layers);

internal sealed record GoldenGroup(string Name, int Channels, int MinChannels, int GroupSize, int Groups, double PatternExpectedChannels,
    [property: JsonPropertyName("dEMFlops_dAlphaSum")] double ExpectedGradientSum, int ExpectedSampling);

internal sealed record GoldenBudgetLoss(
    string Type,
    double Expected,
    double Target,
    double Weight,
    double Loss,
    [property: JsonPropertyName("dLoss_dExpected")] double Gradient);
