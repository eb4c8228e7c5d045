using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>How to load the result in other programs.</summary>
internal static class LoadingSection
{
    private static readonly JsonSerializerOptions Literals = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static XElement Of(PrunedRun run, PruningReportOptions options)
    {
        var (model, onnx) = (Literal(options.ModelFile), Literal(options.OnnxFile));
        var (width, height) = (run.Config.ImageWidth, run.Config.ImageHeight);
        return Html.Section("loading", "Load the result",
            new XElement("h3", "C#, with ML.NET"),
            Html.Note("Packages Microsoft.ML.Dmcp and TorchSharp-cpu (or -cuda-linux, -cuda-windows) of version 0.107.0."),
            Html.Code("C#", $$"""
                using Microsoft.ML;
                using Microsoft.ML.Data;
                using Microsoft.ML.Dmcp;

                var ml = new MLContext();
                var model = ml.Model.Load({{model}}, out _);
                var classifier = ml.Model.CreateImageClassifier(model);
                using var photo = MLImage.CreateFromFile("photo.jpg");
                foreach (var (name, probability) in classifier.Classify(photo, 3))
                    Console.WriteLine($"{name}: {probability:P1}");
                """),
            new XElement("h3", "Python, with ONNX Runtime"),
            Html.Note("pip install onnxruntime pillow numpy. The graph normalizes the pixels itself; the file has the classes' names."),
            Html.Code("Python", $$"""
                import json
                import numpy as np
                import onnxruntime
                from PIL import Image

                session = onnxruntime.InferenceSession({{onnx}})
                names = json.loads(session.get_modelmeta().custom_metadata_map["class_names"])
                photo = Image.open("photo.jpg").convert("RGB").resize(({{width}}, {{height}}))
                pixels = np.asarray(photo, dtype=np.float32).transpose(2, 0, 1)[None]      # [1, 3, {{height}}, {{width}}], 0 to 255
                scores = session.run(["scores"], {"pixels": pixels})[0][0]
                for i in np.argsort(-scores)[:3]:
                    print(f"{names[i]}: {scores[i]:.1%}")
                """),
            new XElement("h3", "C#, with ONNX Runtime, without libtorch"),
            Html.Note("Packages Microsoft.ML.OnnxTransformer and Microsoft.ML.ImageAnalytics 5.0.1, Microsoft.ML.OnnxRuntime 1.31.1."),
            Html.Code("C#", $$"""
                using Microsoft.ML;

                var ml = new MLContext();
                var rows = ml.Data.LoadFromEnumerable([new Photo { ImagePath = "photo.jpg" }]);
                var served = ml.Transforms.LoadImages("image", null, "ImagePath")
                    .Append(ml.Transforms.ResizeImages("image", {{width}}, {{height}}))
                    .Append(ml.Transforms.ExtractPixels("pixels", "image"))
                    .Append(ml.Transforms.ApplyOnnxModel("scores", "pixels", {{onnx}}))
                    .Fit(rows);
                foreach (var row in ml.Data.CreateEnumerable<Scored>(served.Transform(rows), reuseRowObject: false))
                    Console.WriteLine(string.Join(" ", row.scores));

                class Photo { public string ImagePath { get; set; } = ""; }
                class Scored { public float[] scores { get; set; } = []; }
                """),
            Html.Note("The ONNX file is written by ml.Model.SaveAsOnnx(model, path), package Microsoft.ML.Dmcp.Interop."));
    }

    // A JSON string is a literal of C# and of Python too.
    private static string Literal(string text) => JsonSerializer.Serialize(text, Literals);
}
