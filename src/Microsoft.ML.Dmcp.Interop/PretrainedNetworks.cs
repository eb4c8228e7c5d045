namespace Microsoft.ML.Dmcp;

/// <summary>Networks that come with weights, as members of <see cref="NetworkZoo"/>.</summary>
public static class PretrainedNetworks
{
    private const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";
    private const string Version = "0.23.1";
    private const string File = "DnnImageModels/ResNet18Onnx/ResNet18.onnx";

    extension(NetworkZoo)
    {
        /// <summary>
        /// ResNet-18 as ML.NET's <c>DnnFeaturizeImage</c> has it, trained on ImageNet, with a fresh classifier: the file of the package
        /// <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c> 0.23.1, which the application references.
        /// </summary>
        /// <remarks>
        /// Its filters are turned to red, green, blue, and the mean image that was subtracted from its pixels is replaced by the means of
        /// its colours, so that images of other sizes than 224x224 can be read.
        /// </remarks>
        /// <param name="path">The file; null to look for it beside the application and in NuGet's folder of packages.</param>
        /// <exception cref="FileNotFoundException">There is none; the message says which package to add.</exception>
        /// <exception cref="FormatException">The file is damaged.</exception>
        public static OnnxNetwork PretrainedResNet18(string? path = null) =>
            OnnxNetwork.Load(path ?? Find(AppContext.BaseDirectory), new OnnxImportOptions
            {
                Name = "pretrained-resnet18",
                IsBgr = true,
                IsClassifier = false,
                PixelMean = [123.15f, 115.90f, 103.06f],
                PixelDeviation = [1, 1, 1],
            });
    }

    /// <summary>Looks for the file in a folder, and among the restored packages.</summary>
    internal static string Find(string application)
    {
        var places = Places(application).ToArray();
        return places.FirstOrDefault(System.IO.File.Exists) ?? throw new FileNotFoundException(
            $"The weights of ResNet-18 were found at none of: {string.Join(", ", places)}. " +
            $"Add the package that holds them to the application (dotnet add package {Package} --version {Version}; " +
            "later ones need a later ML.NET), or give the file's path.", places[0]);
    }

    // The package copies the file beside an application that references it by itself; others find it where it was restored to.
    private static IEnumerable<string> Places(string application)
    {
        yield return Path.Combine(application, File);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var versions = Path.Combine(packages, Package.ToLowerInvariant());
        string[] restored = Directory.Exists(versions) ? Directory.GetDirectories(versions) : [Path.Combine(versions, "*")];
        foreach (var version in restored.OrderDescending())
            yield return Path.Combine(version, "tools", File);
    }
}
