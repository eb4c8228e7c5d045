namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>How well a network classifies the validation images.</summary>
/// <param name="Width">The width multiplier of all groups; null for a channel config.</param>
/// <param name="Top1">Share of images whose class is the likeliest.</param>
/// <param name="Top5">Share of images whose class is among the five likeliest.</param>
/// <param name="Loss">Mean cross entropy.</param>
/// <param name="Images">Number of images.</param>
internal sealed record MeasuredAccuracy(double? Width, double Top1, double Top5, double Loss, int Images)
{
    /// <summary>As the release logs it.</summary>
    public override string ToString() => (Width is null ? "" : Text($"@{Width}  "))
        + Text($"Prec@1 {100 * Top1:0.000}  Prec@5 {100 * Top5:0.000}  Loss {Loss:0.000}  total_num={Images}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
