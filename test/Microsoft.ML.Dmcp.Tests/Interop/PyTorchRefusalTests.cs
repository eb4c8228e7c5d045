using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A file of weights that cannot be imported is refused with the reason, without running anything and without memory.</summary>
public sealed class PyTorchRefusalTests : IDisposable
{
    private static readonly NetworkArchitecture OneLayer =
        new("one", net => net.Linear(net.Flatten(net.Input), net.Classes, bias: false, name: "fc"));

    private readonly TorchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pickle_runs_no_code()
    {
        var trace = _folder.File("trace");
        // torch.load without weights_only would run this: os.system("touch trace").
        byte[] call = [.. "cos\nsystem\n"u8, .. Text("touch " + trace), 0x85, (byte)'R'];
        Assert.Contains("os.system", Refused(_folder.WriteArchive([0x80, 2, .. call, (byte)'.'])));
        // As an entry beside the tensors: they are not there, and neither is the call.
        byte[] beside = [0x80, 2, (byte)'}', .. Text("state_dict"), .. call, (byte)'s', (byte)'.'];
        Assert.Contains("'state_dict'", Refused(_folder.WriteArchive(beside)));
        // By the instructions of later protocols, and as the state of an object.
        byte[] later = [0x80, 4, 0x8c, 2, .. "os"u8, 0x8c, 6, .. "system"u8, 0x93, .. Text("touch " + trace), 0x85, 0x81,
            .. Text("x"), (byte)'b', (byte)'.'];
        Assert.Contains("os.system", Refused(_folder.WriteArchive(later)));
        // By the instructions of the first protocol.
        Refused(_folder.WriteArchive([.. "(ios\nsystem\n."u8]));
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void A_whole_model_is_refused_with_the_line_of_Python_that_helps() =>
        Assert.Contains("torch.save(model.state_dict()", Refused(TorchFolder.Fixture("whole-model.pth")));

    [Fact]
    public void Tensors_that_are_missing_unknown_or_of_another_shape_are_counted_and_named()
    {
        var other = new NetworkArchitecture("other", net =>
        {
            var x = net.BatchNorm(net.Conv(net.Input, 5, 3, name: "conv1"), name: "norm");
            net.Linear(net.GlobalAveragePool(x), net.Classes, name: "fc");
        });
        var message = Assert.Throws<FormatException>(() => PyTorchNetwork.Load(TorchFolder.Fixture("tiny.pth"), other)).Message;
        Assert.Contains("tiny.pth", message);
        Assert.Contains("'other'", message);
        Assert.Contains("4 missing (norm.weight [5], norm.bias [5], norm.running_mean [5], ...)", message);
        Assert.Contains("4 of no layer of the network (bn1.", message);
        Assert.Contains("2 of another shape (conv1.weight is [4, 3, 3, 3] and should be [5, 3, 3, 3], fc.weight is [3, 4] and ", message);
    }

    [Theory]
    [InlineData("tiny.pth")]
    [InlineData("tiny-legacy.pth")]
    [InlineData("checkpoint.pth")]
    [InlineData("model.safetensors")]
    public void A_file_that_was_cut_or_changed_anywhere_is_refused_or_read_and_nothing_else(string name)
    {
        var bytes = name == "model.safetensors" ? File.ReadAllBytes(Safetensors("[4]", "[144, 160]"))
            : File.ReadAllBytes(TorchFolder.Fixture(name));
        for (var length = 0; length < bytes.Length; length += 31)
            Refused(_folder.Write("cut", bytes[..length]));
        var random = new Random(1);
        var read = 0;
        for (var i = 0; i < 300; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                PyTorchNetwork.Load(_folder.Write("damaged", damaged), TorchFolder.Tiny);
                read++;
            }
            catch (FormatException)
            {
            }
        }
        Assert.InRange(read, 1, 299);
    }

    [Theory]
    [InlineData("[4]", "[144, 160]", null)]
    [InlineData("[4]", "[144, 161]", "'bn1.weight' has 16 bytes")]
    [InlineData("[4]", "[-16, 0]", "lies at [-16, 0]")]
    [InlineData("[4]", "[160, 144]", "lies at [160, 144]")]
    [InlineData("[4]", "[9223372036854775800, -9223372036854775800]", "'bn1.weight'")]
    [InlineData("[4]", "[1000000, 1000016]", "lies at")]
    [InlineData("[4]", "[0, 16]", "overlap")]
    [InlineData("[4]", "[144]", "lies at [144]")]
    [InlineData("[4]", "[144, 160.5]", "data_offsets")]
    [InlineData("[4]", "\"x\"", "String")]
    [InlineData("[-4]", "[144, 160]", "[-4]")]
    [InlineData("[1099511627776, 1099511627776]", "[144, 160]", "at most")]
    [InlineData("[[[[[[4]]]]]]", "[144, 160]", "depth")]
    [InlineData("{}", "[144, 160]", "Object")]
    [InlineData("[5]", "[144, 164]", "bn1.weight is [5]")]
    public void A_tensor_of_safetensors_lies_where_it_may(string shape, string offsets, string? refusal)
    {
        var path = Safetensors(shape, offsets);
        if (refusal is null)
            Assert.Equal(3, PyTorchNetwork.Load(path, TorchFolder.Tiny).Classes);
        else
            Assert.Contains(refusal, Refused(path));
    }

    [Fact]
    public void A_header_that_is_longer_than_the_file_is_refused_before_memory_is_taken()
    {
        foreach (var length in (long[])[-1, 0, 1, 1 << 30, long.MaxValue])
            Refused(_folder.Write("model.safetensors", [.. BitConverter.GetBytes(length), .. "{}"u8]));
        Refused(_folder.WriteSafetensors("{}", 0));
        Refused(_folder.WriteSafetensors("[]", 0));
        Refused(_folder.WriteSafetensors("""{"a": 3}""", 0));
        Assert.Contains("Unicode", Refused(_folder.WriteSafetensors("""{"\ud800": {}}""", 0)));
        Refused(_folder.WriteSafetensors("""{"a": {"dtype": "F8_E4M3", "shape": [0], "data_offsets": [0, 0]}}""", 0));
    }

    [Fact]
    public void Sizes_that_the_data_does_not_have_are_refused_before_memory_is_taken()
    {
        foreach (var (count, offset, size, stride, why) in new (int, int, int, int, string)[]
        {
            (4, 1, 4, 1, "reaches beyond"), (4, 0, 4, 2, "reaches beyond"), (4, 0, 1 << 30, 1, "at most"), (4, -1, 4, 1, "unknown way"),
            (4, 0, -4, 1, "unknown way"), (4, 0, 4, -1, "unknown way"), (1 << 28, 0, 1 << 28, 1, "Its tensors do not fit"),
        })
        {
            var pickle = Tensor("conv1.weight", count, offset, size, stride);
            Assert.Contains(why, Refused(_folder.WriteArchive(pickle, ("data/0", new byte[16]))));
        }
        // One whose shape is right and whose data is not.
        foreach (var (files, why) in new ((string, byte[])[], string)[]
        {
            ([("data/0", new byte[20])], "20 bytes"), ([], "missing in its archive"),
            ([("data/0", new byte[24]), ("byteorder", "big"u8.ToArray())], "high bytes"),
            ([("data/0", new byte[24]), ("data.pkl", [])], "two files"), ([("data/0", new byte[24]), ("x/data.pkl", [])], "2 files"),
        })
        {
            var path = _folder.WriteArchive(Tensor("fc.weight", 6, 0, 6, rows: 2), files);
            var options = new PyTorchImportOptions { ImageHeight = 1, ImageWidth = 1 };
            Assert.Contains(why, Assert.Throws<FormatException>(() => PyTorchNetwork.Load(path, OneLayer, options)).Message);
        }
    }

    [Fact]
    public void An_archive_that_unpacks_to_much_more_than_it_is_is_refused_before_memory_is_taken()
    {
        const int features = 3 << 16, classes = 8;
        var path = _folder.WriteArchive(
            Tensor("fc.weight", classes * features, 0, classes * features, rows: classes), ("data/0", new byte[4 * classes * features]));
        Assert.InRange(new FileInfo(path).Length, 1, 20_000);
        var refusal = Assert.Throws<FormatException>(
            () => PyTorchNetwork.Load(path, OneLayer, new() { ImageHeight = 1, ImageWidth = 1 << 16 }));
        Assert.Contains("no weights are so small", refusal.Message);
        // A pickle of 100 MB of zeros, and one that says that it has a text of 2 GB.
        Assert.Contains("at most", Refused(_folder.WriteArchive(new byte[100 << 20])));
        Refused(_folder.WriteArchive([(byte)'X', 0xff, 0xff, 0xff, 0x7f]));
        Refused(_folder.WriteArchive([0x8a, 0xff]));
    }

    [Fact]
    public void A_list_of_files_of_any_length_is_refused_before_it_is_objects()
    {
        using (var stream = new FileStream(_folder.File("many.pth"), FileMode.Create))
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
            for (var i = 0; i < 150; i++)
                archive.CreateEntry(new string('a', 60_000) + i);
        Assert.Contains("list of files", Refused(_folder.File("many.pth")));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("PK\u0003\u0004")]
    [InlineData("<html>404 this is what a download server answered in place of a file</html>")]
    public void What_is_no_state_dict_is_refused(string content) => Refused(_folder.Write("model.pth", Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_file_that_is_not_there_and_bad_options_are_refused_by_name()
    {
        Assert.Contains("none.pth", Assert.Throws<FileNotFoundException>(
            () => PyTorchNetwork.Load(_folder.File("none.pth"), TorchFolder.Tiny)).Message);
        Assert.Throws<FileNotFoundException>(() => PyTorchNetwork.Load(_folder.Path, TorchFolder.Tiny));
        Assert.Throws<ArgumentNullException>(() => PyTorchNetwork.Load(_folder.File("none.pth"), null!));
        foreach (var (options, name) in new (PyTorchImportOptions, string)[]
        {
            (new() { ImageHeight = 0 }, "ImageHeight"), (new() { ImageWidth = 1 << 20 }, "ImageWidth"),
            (new() { PixelMean = null }, "PixelDeviation"), (new() { PixelMean = [float.NaN, 0, 0] }, "PixelMean"),
            (new() { PixelDeviation = [1, 0, 1] }, "PixelDeviation"), (new() { PixelDeviation = [1] }, "PixelDeviation"),
        })
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() =>
                PyTorchNetwork.Load(TorchFolder.Fixture("tiny.pth"), TorchFolder.Tiny, options)).ParamName);
    }

    private string Refused(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<FormatException>(() => PyTorchNetwork.Load(path, TorchFolder.Tiny)).Message;
        Assert.Contains(path, message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 32 << 20, "it took memory");
        return message;
    }

    /// <summary>The small network, with a place and shape of one tensor.</summary>
    private string Safetensors(string shape, string offsets) => _folder.WriteSafetensors($$"""
        {"conv1.weight": {"dtype": "F32", "shape": [4, 3, 3, 3], "data_offsets": [176, 608]},
         "bn1.weight": {"dtype": "F32", "shape": {{shape}}, "data_offsets": {{offsets}} },
         "bn1.bias": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
         "bn1.running_mean": {"dtype": "F32", "shape": [4], "data_offsets": [16, 32]},
         "bn1.running_var": {"dtype": "F32", "shape": [4], "data_offsets": [32, 48]},
         "fc.weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [48, 96]},
         "fc.bias": {"dtype": "F32", "shape": [3], "data_offsets": [96, 108]}
        }
        """, 608);

    /// <summary>The pickle of a dictionary of one tensor.</summary>
    private static byte[] Tensor(string name, int count, int offset, int size, int stride = 1, int rows = 0) =>
    [
        0x80, 2, (byte)'}', .. Text(name), .. "ctorch._utils\n_rebuild_tensor_v2\n("u8,
        (byte)'(', .. Text("storage"), .. "ctorch\nFloatStorage\n"u8, .. Text("0"), .. Text("cpu"), .. Number(count), (byte)'t', (byte)'Q',
        .. Number(offset),
        .. rows == 0 ? (byte[])[.. Number(size), 0x85, .. Number(stride), 0x85]
            : [.. Number(rows), .. Number(size / rows), 0x86, .. Number(size / rows), .. Number(stride), 0x86],
        0x89, .. "ccollections\nOrderedDict\n)R"u8, (byte)'t', (byte)'R', (byte)'s', (byte)'.',
    ];

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(int number) => [(byte)'J', .. BitConverter.GetBytes(number)];
}
