using Dmcp.Samples.Shared;
using SkiaSharp;

namespace Microsoft.ML.Dmcp.Tests.Samples;

public sealed class DrawnShapesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-shapes").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_seed_draws_the_same_images_again_and_more_of_them_begin_with_the_same()
    {
        var (first, more) = (Write("first", 3, 7), Write("more", 5, 7));
        Assert.Equal(12 * 3, first.Length);
        Assert.Equal(12 * 5, more.Length);
        Assert.All(first, name => Assert.Equal(Bytes("first", name), Bytes("more", name)));
    }

    [Fact]
    public void Every_image_is_another_also_between_seeds_so_that_none_is_both_trained_on_and_held_out()
    {
        var images = Write("a", 4, 1).Select(n => Bytes("a", n)).Concat(Write("b", 4, 2).Select(n => Bytes("b", n))).ToArray();
        Assert.Equal(images.Length, images.Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public void Images_are_small_colour_pictures_in_a_folder_a_class_with_a_shape_lighter_than_its_ground()
    {
        var names = Write("a", 10, 1);
        Assert.Equal(DrawnShapes.ClassNames, names.Select(n => Path.GetDirectoryName(n)!).Distinct());
        Assert.Equal(DrawnShapes.ClassNames.Order(StringComparer.Ordinal), DrawnShapes.ClassNames);
        foreach (var name in names)
        {
            using var picture = SKBitmap.Decode(Path.Combine(_folder, "a", name));
            Assert.Equal((DrawnShapes.Size, DrawnShapes.Size), (picture.Width, picture.Height));
            // The background is darker than a middle grey, the shape lighter: both must be there.
            var greens = picture.Pixels.Select(p => (int)p.Green).Order().ToArray();
            Assert.True(greens[greens.Length / 20] < 150, $"{name} has no dark ground");
            Assert.True(greens[^20] > 130, $"{name} has no light shape");
        }
    }

    private string[] Write(string folder, int perClass, int seed)
    {
        var root = Path.Combine(_folder, folder);
        DrawnShapes.WriteFolder(root, perClass, seed);
        return Directory.GetFiles(root, "*.png", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal).ToArray();
    }

    private byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(_folder, folder, name));
}
