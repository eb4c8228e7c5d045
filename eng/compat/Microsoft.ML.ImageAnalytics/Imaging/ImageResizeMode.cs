namespace Microsoft.ML.Data;

/// <summary>How an image is brought to another size.</summary>
internal enum ImageResizeMode
{
    /// <summary>Keep the proportions and fill up with empty pixels.</summary>
    Pad,

    /// <summary>Stretch.</summary>
    Fill,

    /// <summary>Keep the proportions, fill the target and cut off below.</summary>
    CropAnchorTop,

    /// <summary>Keep the proportions, fill the target and cut off above.</summary>
    CropAnchorBottom,

    /// <summary>Keep the proportions, fill the target and cut off on the right.</summary>
    CropAnchorLeft,

    /// <summary>Keep the proportions, fill the target and cut off on the left.</summary>
    CropAnchorRight,

    /// <summary>Keep the proportions, fill the target and cut off on both sides.</summary>
    CropAnchorCentral,
}
