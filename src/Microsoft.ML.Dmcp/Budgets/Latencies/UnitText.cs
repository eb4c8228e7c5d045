using System.Globalization;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>Layers in words that say all that their time depends on, but their channels.</summary>
internal static class UnitText
{
    /// <summary>A layer in words; empty where it takes no time.</summary>
    public static string Of(Layer layer) => layer switch
    {
        ConvLayer { Depthwise: true } conv => $"depth-wise conv {Of(conv.Sliding)}{Bias(conv.HasBias)}",
        ConvLayer { Groups: > 0 } conv => Text($"conv {Of(conv.Sliding)} in {conv.Groups} groups{Bias(conv.HasBias)}"),
        ConvLayer conv => $"conv {Of(conv.Sliding)}{Bias(conv.HasBias)}",
        LinearLayer linear => $"linear{Bias(linear.HasBias)}",
        BatchNormLayer => "batch norm",
        ActivationLayer { Alpha: null, Beta: null } activation => $"{activation.Function}",
        ActivationLayer activation => Text($"{activation.Function} {activation.Alpha} {activation.Beta}"),
        PoolLayer pool => $"{pool.Kind} pool {Of(pool.Sliding)}",
        GlobalPoolLayer => "global pool",
        AddLayer => "add",
        MultiplyLayer => "multiply",
        _ => "",
    };

    private static string Of(SlidingWindow window)
    {
        var text = Text($"{window.Width}x{window.Height}");
        if (window is not { StrideX: 1, StrideY: 1 })
            text += Text($" stride {window.StrideX}x{window.StrideY}");
        if (window is not { Top: 0, Left: 0, Bottom: 0, Right: 0 })
            text += Text($" padding {window.Left} {window.Right} {window.Top} {window.Bottom}");
        if (window is not { DilationX: 1, DilationY: 1 })
            text += Text($" dilation {window.DilationX}x{window.DilationY}");
        return text;
    }

    private static string Bias(bool hasBias) => hasBias ? " with bias" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
