using Microsoft.ML;
using Microsoft.ML.Dmcp;

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.List(args[0]));          // photos/cat/1.jpg, photos/dog/1.jpg ...
var split = ml.Data.TrainTestSplit(images, testFraction: 0.2);
var show = new ConsoleProgress();
var search = new DmcpSearchOptions { Network = NetworkZoo.CifarResNet(20), Budget = Budget.FlopsRatio(0.5), NumberOfEpochs = 10 };
search.MetricsCallback = show.Show("search");
var train = new PrunedRetrainOptions { NumberOfEpochs = 15, MetricsCallback = show.Show("train") };
var model = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadImages("Features", null, "ImagePath"))
    .Append(ml.Transforms.ResizeImages("Features", 32, 32))
    .Append(ml.Transforms.DmcpSearch(search))
    .Append(ml.Transforms.PrunedRetrain(train))
    .Fit(split.TrainSet);
Console.WriteLine(model.LastTransformer.ChannelConfig);
Console.WriteLine($"accuracy on test images: {ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy:P1}");
ml.Model.Save(model, images.Schema, "model.zip");
