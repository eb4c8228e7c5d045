using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Data;

public class AugmentationTests
{
    private static readonly ImageShape Shape = new(3, 24, 32, IsFloat: false);

    [Fact]
    public void A_resized_crop_shows_a_window_of_the_image_at_its_size()
    {
        // Colour = 4x + 3y: a window of it is a plane again, less steep by as much as it was enlarged, and within the image's range.
        var shape = new ImageShape(1, 24, 32, IsFloat: true);
        var image = MemoryMarshal.AsBytes<float>(Enumerable.Range(0, 24 * 32).Select(i => 4f * (i % 32) + 3f * (i / 32)).ToArray())
            .ToArray();
        var areas = new List<double>();
        for (var seed = 0; seed < 300; seed++)
        {
            var target = new byte[shape.Bytes];
            new ImageAugmenter(shape)
                .Copy(image, target, new AugmentationPlan(HorizontalFlip: false, 0, ResizedCrop: true), new RandomSource(seed));
            var pixels = MemoryMarshal.Cast<byte, float>(target).ToArray();
            float At(int x, int y) => pixels[y * 32 + x];
            var (dx, dy) = ((At(20, 12) - At(12, 12)) / 8, (At(16, 16) - At(16, 8)) / 8);
            Assert.InRange(pixels.Min(), 0, pixels.Max());
            Assert.InRange(pixels.Max(), pixels.Min(), 4 * 31 + 3 * 23);
            Assert.InRange(dx, 0.1f, 4.001f);
            Assert.InRange(dy, 0.1f, 3.001f);
            Assert.Equal(At(12, 8) + 8 * dx + 8 * dy, At(20, 16), 0.02f);
            areas.Add(dx / 4 * dy / 3);
        }
        // Areas are uniform in 8 to 100 %, less the windows that do not fit: their mean lies near a half.
        Assert.InRange(areas.Average(), 0.4, 0.6);
        Assert.InRange(areas.Min(), 0.05, 0.15);
        Assert.InRange(areas.Max(), 0.85, 1.001);
    }

    [Fact]
    public void Without_jitter_colours_stay_and_the_same_seed_changes_them_alike()
    {
        var image = Enumerable.Range(0, Shape.Bytes).Select(i => (byte)(i * 7)).ToArray();
        Assert.Equal(image, Jittered(image, new ColorJitter(), 1));
        Assert.Equal(Jittered(image, new ColorJitter(0.4, 0.4, 0.4, 0.1), 1), Jittered(image, new ColorJitter(0.4, 0.4, 0.4, 0.1), 1));
        Assert.NotEqual(Jittered(image, new ColorJitter(0.4, 0.4, 0.4, 0.1), 1), Jittered(image, new ColorJitter(0.4, 0.4, 0.4, 0.1), 2));
    }

    [Fact]
    public void Each_change_of_colour_does_what_it_says_and_no_more_than_asked()
    {
        byte[] pixel = [100, 150, 50];
        var image = Enumerable.Range(0, Shape.Height * Shape.Width).SelectMany(_ => pixel).ToArray();
        for (var seed = 0; seed < 50; seed++)
        {
            // One colour everywhere: brightness keeps its ratios, contrast moves it towards its own grey as saturation does.
            var bright = Jittered(image, new ColorJitter(Brightness: 0.2), seed);
            Assert.InRange(bright[0], 80, 120);
            Assert.Equal(1.5 * bright[0], bright[1], 1.5);
            var saturated = Jittered(image, new ColorJitter(Saturation: 0.2), seed);
            Assert.Equal(0.299 * 100 + 0.587 * 150 + 0.114 * 50, 0.299 * saturated[0] + 0.587 * saturated[1] + 0.114 * saturated[2], 1.0);
            Assert.InRange(saturated[1] - saturated[2], 79, 121);
            var contrasted = Jittered(image, new ColorJitter(Contrast: 0.2), seed);
            Assert.InRange(contrasted[1] - contrasted[2], 79, 121);
            var turned = Jittered(image, new ColorJitter(Hue: 0.1), seed);
            Assert.Equal((150, 50), (turned[..3].Max(), turned[..3].Min()));
        }
    }

    [Theory]
    [InlineData(1.0 / 3, 0, 255, 0)]
    [InlineData(-1.0 / 3, 0, 0, 255)]
    [InlineData(1.0 / 6, 255, 255, 0)]
    [InlineData(0.5, 0, 255, 255)]
    [InlineData(1, 255, 0, 0)]
    public void Turning_the_hue_of_red_goes_around_the_colour_circle(double turn, float r, float g, float b)
    {
        Vector<float>[] planes = [new(255), new(80), new(0), new(80), new(0), new(80)];
        ColorChanges.TurnHue(planes, (float)turn);
        foreach (var (expected, values) in ((float[])[r, 80, g, 80, b, 80]).Zip(planes))
            Assert.Equal(expected, values[0], 1e-2f);
    }

    private static byte[] Jittered(byte[] image, ColorJitter jitter, int seed)
    {
        var target = new byte[image.Length];
        new ImageAugmenter(Shape).Copy(image, target, new AugmentationPlan(false, 0, Jitter: jitter), new RandomSource(seed));
        return target;
    }
}
