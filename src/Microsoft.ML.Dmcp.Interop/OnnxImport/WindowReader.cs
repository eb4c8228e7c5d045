namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads the windows of convolutions and pools.</summary>
internal static class WindowReader
{
    /// <summary>The window of a node on an image.</summary>
    /// <param name="node">The node.</param>
    /// <param name="x">The image.</param>
    /// <param name="kernel">Height and width.</param>
    /// <param name="overhangs">Whether a last window reached beyond the padding (ceil mode).</param>
    public static SlidingWindow Read(NodeReader node, NetworkValue x, long[] kernel, out bool overhangs)
    {
        var strides = Pair(node, "strides") ?? [1, 1];
        var dilations = Pair(node, "dilations") ?? [1, 1];
        var pads = node.Integers("pads") ?? [0, 0, 0, 0];
        if (kernel.Length != 2 || pads.Length != 4 || strides.Min() < 1 || dilations.Min() < 1 || kernel.Min() < 1 || pads.Min() < 0)
            throw node.Invalid("its window is none of two dimensions with steps of 1 or more and paddings of 0 or more");
        var (rows, columns) = (new long[2], new long[2]);
        var automatic = node.Text("auto_pad", "NOTSET");
        (rows[0], rows[1]) = Padding(node, automatic, x.Height, kernel[0], strides[0], dilations[0], (pads[0], pads[2]));
        (columns[0], columns[1]) = Padding(node, automatic, x.Width, kernel[1], strides[1], dilations[1], (pads[1], pads[3]));
        overhangs = false;
        if (node.Integer("ceil_mode", 0) != 0)
        {
            var (below, right) = (Overhang(x.Height, kernel[0], strides[0], dilations[0], rows),
                Overhang(x.Width, kernel[1], strides[1], dilations[1], columns));
            overhangs = below > 0 || right > 0;
            rows[1] += below;
            columns[1] += right;
        }
        return new SlidingWindow(
            S(kernel[0]), S(kernel[1]), S(strides[0]), S(strides[1]),
            S(rows[0]), S(columns[0]), S(rows[1]), S(columns[1]), S(dilations[0]), S(dilations[1]));

        int S(long value) => node.Small(value, "window");
    }

    private static long[]? Pair(NodeReader node, string name) => node.Integers(name) switch
    {
        null => null,
        { Length: 2 } pair => pair,
        var other => throw node.Invalid($"its {name} are {other.Length} numbers; needed are 2"),
    };

    private static (long Before, long Behind) Padding(
        NodeReader node, string automatic, long size, long kernel, long stride, long dilation, (long, long) given)
    {
        if (automatic is "NOTSET" or "")
            return given;
        if (automatic == "VALID")
            return (0, 0);
        if (automatic is not ("SAME_UPPER" or "SAME_LOWER"))
            throw node.Invalid($"its auto_pad is '{automatic}'");
        var positions = (size + stride - 1) / stride;
        var total = Math.Max(0, (positions - 1) * stride + (kernel - 1) * dilation + 1 - size);
        return automatic == "SAME_UPPER" ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
    }

    // With ceil mode the last window may begin in the image and end behind its padding.
    private static long Overhang(long size, long kernel, long stride, long dilation, long[] padding)
    {
        var reach = (kernel - 1) * dilation + 1;
        var room = size + padding[0] + padding[1] - reach;
        if (room < 0)
            return 0;
        var positions = (room + stride - 1) / stride + 1;
        if ((positions - 1) * stride >= size + padding[0])
            positions--;
        return Math.Max(0, (positions - 1) * stride - room);
    }
}
