using SkiaSharp;

namespace Dmcp.Samples.Shared;

/// <summary>Composes images: a dark shaded background, clutter, the light shape, strokes across it, noise.</summary>
/// <remarks>
/// The numbers here set how hard the data set is. Each image draws its own size, clutter and noise, from easy to hard: easy ones
/// start the training off, hard ones separate a wide network from a narrow one. How light the clutter may be matters most.
/// </remarks>
/// <param name="random">Where everything random comes from.</param>
internal sealed class Scene(Random random)
{
    private const float PixelWidth = 2f / DrawnShapes.Size;

    public SKBitmap Draw(SKPath outline)
    {
        var bitmap = new SKBitmap(DrawnShapes.Size, DrawnShapes.Size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            // The plane [-1, 1]², y upwards.
            canvas.Scale(DrawnShapes.Size / 2f, -DrawnShapes.Size / 2f);
            canvas.Translate(1, -1);
            Background(canvas);
            for (var n = random.Next(6); n > 0; n--)
                Clutter(canvas, blob: random.Next(2) == 0);
            Shape(canvas, outline);
            for (var n = random.Next(3); n > 0; n--)
                Clutter(canvas, blob: false);
        }
        Speckle(bitmap, Between(0, 0.12f));
        return bitmap;
    }

    private void Background(SKCanvas canvas)
    {
        var angle = Between(0, 2 * MathF.PI);
        var back = Colour(0, 0.45f);
        var other = Colour(0, 1);
        float Mixed(float own, float mixedIn) => own + 0.35f * (mixedIn - own);
        var shade = new SKColorF(Mixed(back.Red, other.Red), Mixed(back.Green, other.Green), Mixed(back.Blue, other.Blue));
        var (start, end) = (new SKPoint(-MathF.Cos(angle), -MathF.Sin(angle)), new SKPoint(MathF.Cos(angle), MathF.Sin(angle)));
        using var shader = SKShader.CreateLinearGradient(start, end, [(SKColor)back, (SKColor)shade], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawPaint(paint);
    }

    private void Clutter(SKCanvas canvas, bool blob)
    {
        using var paint = Paint(Colour(0, 0.9f));
        if (blob)
        {
            canvas.DrawCircle(Between(-1, 1), Between(-1, 1), Between(0.08f, 0.25f), paint);
            return;
        }
        var (x, y) = (Between(-0.9f, 0.9f), Between(-0.9f, 0.9f));
        var angle = Between(0, 2 * MathF.PI);
        var reach = Between(0.15f, 0.6f);
        var (across, up) = (reach * MathF.Cos(angle), reach * MathF.Sin(angle));
        (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, Between(1, 2.4f) * PixelWidth);
        canvas.DrawLine(x - across, y - up, x + across, y + up, paint);
    }

    /// <summary>Filled or as a contour, anywhere that leaves it whole, turned and a little stretched.</summary>
    private void Shape(SKCanvas canvas, SKPath outline)
    {
        using var paint = Paint(Colour(0.55f, 1));
        var (scale, stretch) = (Between(0.35f, 0.75f), Between(0.87f, 1.15f));
        canvas.Save();
        canvas.Translate(Between(scale - 0.95f, 0.95f - scale), Between(scale - 0.95f, 0.95f - scale));
        canvas.RotateRadians(Between(0, 2 * MathF.PI));
        canvas.Scale(scale * stretch, scale / stretch);
        if (random.Next(2) == 0)
            (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, Between(1.2f, 2.2f) * PixelWidth / scale);
        canvas.DrawPath(outline, paint);
        canvas.Restore();
    }

    /// <summary>Adds noise to every pixel and channel on its own, nearly normal: four uniform numbers added up.</summary>
    private void Speckle(SKBitmap bitmap, float deviation)
    {
        byte Noisy(byte value)
        {
            var noise = 1.7320508f * (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2);
            return (byte)Math.Clamp(value + 255 * deviation * noise, 0, 255);
        }
        bitmap.Pixels = bitmap.Pixels.Select(p => new SKColor(Noisy(p.Red), Noisy(p.Green), Noisy(p.Blue))).ToArray();
    }

    private static SKPaint Paint(SKColorF colour) => new() { ColorF = colour, IsAntialias = true, StrokeCap = SKStrokeCap.Round };

    private SKColorF Colour(float low, float high) => new(Between(low, high), Between(low, high), Between(low, high));

    private float Between(float low, float high) => low + (high - low) * random.NextSingle();
}
