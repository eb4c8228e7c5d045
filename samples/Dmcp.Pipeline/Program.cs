using Microsoft.ML;
using Microsoft.ML.Dmcp;

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.List(args[0]));     // args[0]/class/*.jpg
var split = ml.Data.TrainTestSplit(images, testFraction: 0.2);
var model = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadImages("Features", null, "ImagePath"))
    .Append(ml.Transforms.ResizeImages("Features", 32, 32))
    .Append(ml.Transforms.DmcpSearch(network: NetworkZoo.CifarResNet(20), budget: Budget.FlopsRatio(0.5)))
    .Append(ml.MulticlassClassification.Trainers.PrunedRetrain())
    .Fit(split.TrainSet);
Console.WriteLine(ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy);
ml.Model.Save(model, images.Schema, "model.zip");
