namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A folder with other tools' configs, and the configs that NumPy and the authors' release wrote (Interop/Configs).</summary>
internal sealed class ConfigFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("dmcp-configs").FullName;

    public string File(string name) => Path.Combine(_path, name);

    /// <summary>A file with the given content.</summary>
    public string Write(byte[] content)
    {
        System.IO.File.WriteAllBytes(File("config"), content);
        return File("config");
    }

    /// <summary>A file that was written by NumPy.</summary>
    public static string Numpy(string name) => Path.Combine(AppContext.BaseDirectory, "Interop", "Configs", name + ".npy");

    /// <summary>An unpruned network of the zoo for ImageNet.</summary>
    public static NetworkDescription Network(string name) => NetworkZoo.Find(name).Describe(3, 224, 224, 1000);

    /// <summary>The message of a refusal, which names the file and takes no memory.</summary>
    public static string Refusal(string path, Func<ChannelConfig> load)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<FormatException>(load).Message;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50 << 20, "it took memory");
        Assert.Contains(path, message);
        return message;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
