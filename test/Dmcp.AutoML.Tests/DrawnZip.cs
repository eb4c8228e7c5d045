using System.IO.Compression;
using SkiaSharp;

namespace Dmcp.AutoML.Tests;

/// <summary>Zips of tiny drawn images.</summary>
internal static class DrawnZip
{
    /// <summary>A disc of one colour a class, in noise; and a text file that is no image.</summary>
    public static byte[] OfDiscs(int perClass)
    {
        var random = new Random(1);
        return Of([
            .. from name in new[] { "blå", "green", "red" }
               from i in Enumerable.Range(0, perClass)
               select ($"photos/{name}/{i}.png", Disc(name, random)),
            ("photos/green/notes.png", "no image"u8.ToArray()),
        ]);
    }

    public static byte[] Of(params IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        return stream.ToArray();
    }

    public static byte[] Disc(string colour, Random random)
    {
        using var bitmap = new SKBitmap(20, 20);
        for (var i = 0; i < 400; i++)
            bitmap.SetPixel(i % 20, i / 20, new SKColor((byte)random.Next(120), (byte)random.Next(120), (byte)random.Next(120)));
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = colour switch { "red" => SKColors.Red, "green" => SKColors.Lime, _ => SKColors.Blue } })
            canvas.DrawCircle(random.Next(6, 14), random.Next(6, 14), random.Next(3, 6), paint);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
