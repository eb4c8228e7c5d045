using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dmcp.Tests;

internal sealed class ImageRow
{
    public string Name { get; set; } = "";

    [ImageType(TestImages.Size, TestImages.Size)]
    public MLImage? Image { get; set; }
}
