namespace Microsoft.ML.Dmcp;

/// <summary>One row of <see cref="ImageFolder"/>.</summary>
public sealed class ImageFile
{
    /// <summary>Path of the image; the input of <c>LoadImages</c>.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Name of the class: of the folder that the image lies in.</summary>
    public string Label { get; set; } = "";
}
