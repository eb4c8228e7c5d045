using Microsoft.ML.Dmcp.Reports.Plots;
using OxyPlot;
using OxyPlot.SkiaSharp;
using SkiaSharp;

namespace Dmcp.Samples.Shared;

/// <summary>Files of plots: the ending chooses SVG, which needs no font where it is made, or PNG.</summary>
internal static class PlotFile
{
    /// <summary>Writes one plot, as wide and high as given in pixels.</summary>
    public static void Save(PlotModel model, string path, double width, double height) =>
        Save([(model, new OxyRect(0, 0, width, height))], path, width, height);

    /// <summary>Writes plots side by side, each in its own place.</summary>
    /// <exception cref="ArgumentException">The ending is neither .svg nor .png.</exception>
    /// <exception cref="InvalidOperationException">A PNG was asked for on a machine without fonts.</exception>
    public static void Save(IReadOnlyList<(PlotModel Model, OxyRect Place)> panels, string path, double width, double height)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".SVG":
                SaveSvg(panels, path, width, height);
                break;
            case ".PNG":
                SavePng(panels, path, width, height);
                break;
            default:
                throw new ArgumentException($"A plot is saved as .svg or .png, not as '{path}'.", nameof(path));
        }
    }

    private static void SaveSvg(IReadOnlyList<(PlotModel Model, OxyRect Place)> panels, string path, double width, double height)
    {
        using var file = File.Create(path);
        var measure = new TextMeasurer(width, height);
        using var context = new SvgRenderContext(file, width, height, isDocument: true, measure, OxyColors.White);
        Render(panels, context, "Helvetica, Arial, sans-serif");
        context.Complete();
    }

    private static void SavePng(IReadOnlyList<(PlotModel Model, OxyRect Place)> panels, string path, double width, double height)
    {
        // Without a font, Skia leaves out all text and says nothing.
        var fonts = SKFontManager.Default.FontFamilies.Where(f => f.Length > 0).ToArray();
        if (fonts.Length == 0)
            throw new InvalidOperationException(
                $"'{path}' needs a font and this machine has none: save as .svg, or install fonts-dejavu-core.");
        using var surface = SKSurface.Create(new SKImageInfo((int)Math.Ceiling(width), (int)Math.Ceiling(height)));
        surface.Canvas.Clear(SKColors.White);
        // Shaping would need HarfBuzz's native library.
        using var context = new SkiaRenderContext
        {
            SkCanvas = surface.Canvas,
            RenderTarget = RenderTarget.PixelGraphic,
            UseTextShaping = false,
        };
        Render(panels, context, fonts.FirstOrDefault(f => f.EndsWith("Sans", StringComparison.Ordinal) || f == "Arial") ?? fonts[0]);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        data.SaveTo(file);
    }

    private static void Render(IReadOnlyList<(PlotModel Model, OxyRect Place)> panels, IRenderContext context, string font)
    {
        foreach (var (model, place) in panels)
        {
            model.DefaultFont = font;
            ((IPlotModel)model).Update(true);
            ((IPlotModel)model).Render(context, place);
            // The library would write what went wrong into the picture.
            if (model.GetLastPlotException() is { } failure)
                throw new InvalidOperationException($"The plot '{model.Title}' could not be drawn: {failure.Message}", failure);
        }
    }
}
