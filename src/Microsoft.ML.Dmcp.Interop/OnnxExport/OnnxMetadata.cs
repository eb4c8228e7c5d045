using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>What an ONNX file says about the network beside the graph.</summary>
internal static class OnnxMetadata
{
    /// <summary>Who wrote the file.</summary>
    public const string LibraryName = "Microsoft.ML.Dmcp";

    private static readonly MetadataJson Json = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Version of the product, without the commit that it was built from.</summary>
    public static string LibraryVersion { get; } = typeof(OnnxMetadata).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Keys and values.</summary>
    public static IEnumerable<(string Key, string Value)> Of(PrunedModel model, OnnxExportOptions options)
    {
        var input = model.Network.Description.Input;
        return
        [
            ("class_names", JsonSerializer.Serialize([.. model.ClassNames.Texts], Json.StringArray)),
            ("image_channels", Number(input.Channels)),
            ("image_height", Number(input.Height)),
            ("image_width", Number(input.Width)),
            ("color_order", input.Channels == 1 ? "GRAY" : "RGB"),
            ("layout", "NCHW"),
            ("pixel_scale", "1"),
            ("pixel_mean", JsonSerializer.Serialize([.. model.Normalization.Mean], Json.SingleArray)),
            ("pixel_deviation", JsonSerializer.Serialize([.. model.Normalization.Deviation], Json.SingleArray)),
            ("normalizes_pixels", Flag(options.NormalizePixels)),
            ("applies_softmax", Flag(options.Softmax)),
            ("precision", options.CalibrationSet is null ? "float32" : "int8"),
            ("network", model.Network.Description.Name),
            ("library", $"{LibraryName} {LibraryVersion}"),
            ("channel_config", model.Config.ToJson()),
        ];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "true" : "false";
}
