using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Networks.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>PyTorch and torchvision as clients, where they are installed.</summary>
public sealed class PyTorchClientTests : IDisposable
{
    private readonly TorchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void A_pruned_network_of_the_zoo_rebuilt_in_PyTorch_gives_the_same_logits()
    {
        var pixels = Pixels(4);
        // Which blocks of MobileNetV2 have a shortcut is another at a quarter of the widths.
        string[] names = ["resnet18@0.25", "resnet50@0.1", "mobilenetv2@0.25", "mobilenetv3-large", "densenet121@0.25", "vgg16bn@0.1"];
        var exported = new Dictionary<string, ExportedNetwork>();
        try
        {
            foreach (var name in names)
            {
                var network = NetworkZoo.Find(name).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
                exported[name] = new ExportedNetwork(network, PyTorchZooTests.Uneven(network), DrawnPixels.Take(12));
                var format = name == "mobilenetv2@0.25" ? ".safetensors" : ".pth";
                new MLContext().Model.SaveAsStateDict(exported[name].Model, _folder.File(name + format));
            }
            Client("rebuild");
            foreach (var (name, ours) in exported)
            {
                var theirs = _folder.File(name);
                TorchFolder.Agree(ours.Logits(pixels), _folder.ReadFloats(name + ".logits"), name);
                Assert.Equal(ExportedNetwork.ClassNames, File.ReadAllText(theirs + ".names").Split('\n'));
                ours.Model.Use(model => TorchFolder.HasWeights(theirs + ".saved", model.Network));
            }
        }
        finally
        {
            foreach (var network in exported.Values)
                network.Dispose();
        }
    }

    [PythonFact]
    public void Weights_that_PyTorch_saved_give_its_logits()
    {
        var pixels = Pixels(4);
        (string Theirs, NetworkArchitecture Ours)[] networks =
        [
            ("resnet18", NetworkZoo.ResNet18()), ("mobilenet_v2", NetworkZoo.MobileNetV2()),
            ("mobilenet_v3_large", NetworkZoo.MobileNetV3Large()), ("densenet121", NetworkZoo.DenseNet121()),
        ];
        Client(["make", .. networks.Select(n => n.Theirs)]);
        foreach (var (theirs, ours) in networks)
        {
            var imported = PyTorchNetwork.Load(_folder.File(theirs + ".pth"), ours);
            Assert.Equal(20, imported.Classes);
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using var network = imported.ToNetwork();
            var images = tensor(pixels.SelectMany(p => p).ToArray(), [4, 3, 32, 32]).sub(127).div(60);
            var logits = network.Run(images, new NetworkPass(NormStatistics.Running)).contiguous().data<float>().ToArray();
            TorchFolder.Agree(_folder.ReadFloats(theirs + ".logits"), logits, theirs);
        }
    }

    private float[][] Pixels(int count)
    {
        var pixels = DrawnPixels.Take(count);
        File.WriteAllBytes(_folder.File("pixels"), MemoryMarshal.AsBytes<float>(pixels.SelectMany(p => p).ToArray()).ToArray());
        return pixels;
    }

    private void Client(params IEnumerable<string> arguments)
    {
        var all = arguments.ToList();
        all.Insert(1, _folder.Path);
        Package.CommandLine.Succeed(_folder.Path, PythonFactAttribute.Interpreter, [TorchFolder.Fixture("client.py"), .. all]);
    }
}
