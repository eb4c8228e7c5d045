namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>The images that a file is for.</summary>
/// <param name="Batch">Images of a batch; 1 where that is open.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="IsChannelsLast">Whether the channels are behind the pixels.</param>
/// <param name="IsAssumed">Whether the file leaves the size open.</param>
internal sealed record InputShape(long Batch, int Channels, int Height, int Width, bool IsChannelsLast, bool IsAssumed)
{
    private const long Largest = 1 << 16;

    /// <summary>The shape of a graph's input.</summary>
    /// <exception cref="FormatException">It reads no images.</exception>
    public static InputShape Of(OnnxGraph graph, OnnxImportOptions options)
    {
        var type = graph.Input.Type?.TensorType;
        var dims = type?.Shape?.Dim.Select(d => d.HasDimValue && d.DimValue > 0 ? d.DimValue : (long?)null).ToArray() ?? [];
        if (dims.Length != 4 || dims.Any(d => d > Largest))
            throw new FormatException($"Its input '{graph.Input.Name}' is [{string.Join(", ", dims.Select(d => d?.ToString() ?? "?"))}]; " +
                "needed are images, [N, C, H, W] or [N, H, W, C].");
        var isLast = dims[3] is 1 or 3 && dims[1] is not (1 or 3);
        var (channels, height, width) = isLast ? (dims[3], dims[1], dims[2]) : (dims[1], dims[2], dims[3]);
        return new InputShape(dims[0] ?? 1, (int)(channels ?? 3), (int)(height ?? options.ImageHeight), (int)(width ?? options.ImageWidth),
            isLast, height is null || width is null);
    }
}
