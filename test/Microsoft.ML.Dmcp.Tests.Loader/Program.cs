using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Dmcp;
using Microsoft.ML.Dmcp.Tests.Loader;

// Loads a model and prints the scores and the predicted class of every image, a line each; or one line about what is wrong with the file.
// Arguments: the model, and the pixels of all images as floats.
var ml = new MLContext();
// An application that loads models names the assemblies that they are made of.
ml.ComponentCatalog.RegisterAssembly(typeof(PrunedNetworkTransformer).Assembly);
ITransformer model;
try
{
    model = ml.Model.Load(args[0], out _);
}
catch (Exception e) when (e is FormatException or InvalidDataException or InvalidOperationException or TargetInvocationException)
{
    // ML.NET wraps what a component says.
    Console.Error.WriteLine($"{e.GetType().Name}: {e.GetBaseException().Message}");
    return 2;
}
var pixels = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(args[1])).ToArray();
var images = pixels.Chunk(Image.Size).Select(p => new Image { Pixels = p });
foreach (var p in ml.Data.CreateEnumerable<Prediction>(model.Transform(ml.Data.LoadFromEnumerable(images)), reuseRowObject: true))
    Console.WriteLine($"{string.Join(' ', p.Score.Select(s => s.ToString("R", CultureInfo.InvariantCulture)))} {p.Class}");
return 0;
