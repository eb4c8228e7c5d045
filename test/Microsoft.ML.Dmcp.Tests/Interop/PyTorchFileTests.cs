namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>The files that a model is written to for PyTorch.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TorchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_script_says_how_pixels_are_normalised_and_what_the_classes_are()
    {
        using var exported = Exported(NetworkZoo.ResNet18(0.05));
        var script = _ml.Model.SaveAsStateDict(exported.Model, _folder.File("it's \"mine\".pt"))!;
        Assert.Equal(_folder.File("it's \"mine\".py"), script);
        var text = File.ReadAllText(script);
        Assert.Contains("PIXEL_MEAN = [101.5, 120, 99.25]", text);
        Assert.Contains("PIXEL_DEVIATION = [61, 58.5, 70]", text);
        Assert.Contains("torchvision.models.resnet18(num_classes=5)", text);
        Assert.Contains("    \"sand \\U00000022dry\\U00000022\",\n", text);
        Assert.Contains("\"it's \\U00000022mine\\U00000022.pt\")", text);
        Assert.Contains("Pixels are [N, 3, 32, 32], red, green, blue, 0 to 255.", text);
        Assert.DoesNotContain("\r", text);
    }

    [Fact]
    public void Networks_that_torchvision_does_not_have_get_weights_by_their_own_names_and_no_script()
    {
        var disguised = new NetworkArchitecture("resnet18", net =>
            net.Linear(net.GlobalAveragePool(net.Conv(net.Input, 4, 3, name: "mine")), net.Classes, name: "head"));
        foreach (var architecture in (NetworkArchitecture[])[disguised, NetworkZoo.CifarResNet(8), TorchFolder.Tiny])
        {
            using var exported = Exported(architecture);
            Assert.Null(_ml.Model.SaveAsStateDict(exported.Model, _folder.File("own.safetensors")));
            exported.Model.Use(model => TorchFolder.HasWeights(_folder.File("own.safetensors"), model.Network));
        }
        Assert.Equal([_folder.File("own.safetensors")], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_script_of_ones_own_is_not_replaced_and_the_librarys_is()
    {
        using var exported = Exported(NetworkZoo.ResNet18(0.05));
        _folder.Write("net.py", "print('mine')\n"u8.ToArray());
        Assert.Contains("net.py", Refused<IOException>(exported, "net.pth"));
        Assert.Equal([_folder.File("net.py")], Directory.GetFileSystemEntries(_folder.Path));
        File.Delete(_folder.File("net.py"));
        _ml.Model.SaveAsStateDict(exported.Model, _folder.File("net.pth"));
        _ml.Model.SaveAsStateDict(exported.Model, _folder.File("net.pth"));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void A_name_that_says_no_format_a_folder_and_a_model_without_a_network_are_refused()
    {
        using var exported = Exported(TorchFolder.Tiny);
        foreach (var name in (string[])["model", "model.onnx", "model.pth.zip"])
            Assert.Contains(".safetensors", Refused<ArgumentException>(exported, name));
        Directory.CreateDirectory(_folder.File("folder.pth"));
        Assert.Contains($"'{_folder.File("folder.pth")}' cannot be written", Refused<IOException>(exported, "folder.pth"));
        var label = _ml.Transforms.CopyColumns("a", "b").Fit(_ml.Data.LoadFromEnumerable([new { b = 1f }]));
        Assert.Throws<InvalidOperationException>(() => _ml.Model.SaveAsStateDict(label, _folder.File("model.pth")));
    }

    private string Refused<T>(ExportedNetwork exported, string name) where T : Exception =>
        Assert.Throws<T>(() => _ml.Model.SaveAsStateDict(exported.Model, _folder.File(name))).Message;

    private static ExportedNetwork Exported(NetworkArchitecture architecture) =>
        new(architecture.Describe(3, 32, 32, ExportedNetwork.ClassNames.Length), null, DrawnPixels.Take(2));
}
