using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

var ml = new MLContext(seed: 1);
if (args[0] == "train")
{
    var random = new Random(1);
    var rows = Enumerable.Range(0, 64)
        .Select(i => new Picture { Label = i % 2 == 0 ? "dark" : "light", Features = Pixels(i % 2 * 150f + random.NextSingle() * 50) })
        .ToList();
    var data = ml.Data.LoadFromEnumerable(rows);
    var model = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.DmcpSearch(new() { Budget = Budget.FlopsRatio(0.5), NumberOfEpochs = 2, BatchSize = 16 }))
        .Append(ml.MulticlassClassification.Trainers.PrunedRetrain(new() { NumberOfEpochs = 15, BatchSize = 16 }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(data);
    ml.Model.Save(model, data.Schema, args[1]);
    return;
}
using var engine = ml.Model.CreatePredictionEngine<Picture, Prediction>(ml.Model.Load(args[1], out _));
var dark = engine.Predict(new Picture { Features = Pixels(10) });
var light = engine.Predict(new Picture { Features = Pixels(190) });
Console.WriteLine($"{dark.PredictedLabel} {light.PredictedLabel}");

static float[] Pixels(float grey) => Enumerable.Repeat(grey, 3 * 16 * 16).ToArray();

public class Picture
{
    public string Label { get; set; } = "";

    [VectorType(3 * 16 * 16)]
    public float[] Features { get; set; } = [];
}

public class Prediction
{
    public string PredictedLabel { get; set; } = "";
}
