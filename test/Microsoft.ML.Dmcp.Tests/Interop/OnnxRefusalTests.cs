using System.Text;
using Google.Protobuf;
using Onnx;
using static Microsoft.ML.Dmcp.Tests.Interop.DrawnGraph;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A file that cannot be imported is refused with the reason, at once and without memory.</summary>
public sealed class OnnxRefusalTests : IDisposable
{
    private readonly OnnxFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_was_cut_or_changed_anywhere_is_refused_or_read_and_nothing_else()
    {
        var bytes = Small().Bytes();
        for (var length = 0; length < bytes.Length; length += 7)
            Refused(bytes[..length], "model.onnx");
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                OnnxNetwork.Load(_folder.Write(damaged));
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public void Sizes_that_the_data_does_not_have_are_refused_before_memory_is_taken()
    {
        foreach (var dims in (long[][])[[1L << 40, 3, 1, 1], [1 << 20, 1 << 20, 1 << 20, 1 << 20],
            [-5, 3, 1, 1], [1 << 28, 1, 1, 1], [7, 3, 1, 1]])
        {
            var graph = Small();
            graph.Graph.Initializer[0].Dims.Clear();
            graph.Graph.Initializer[0].Dims.AddRange(dims);
            Refused(graph.Bytes(), graph.Graph.Initializer[0].Name);
        }
        var computed = new DrawnGraph(13, 1, 3, 8, 8);
        Refused(computed.Classified(computed.Node("Add",
            $"image,{computed.Node("ConstantOfShape", computed.Integers(1 << 15, 1 << 15, 1 << 15))}"), 3).Bytes(), "ConstantOfShape");
    }

    [Fact]
    public void Windows_of_any_number_are_refused_by_name()
    {
        foreach (var (name, values) in new (string, long[])[]
        {
            ("strides", [0, 1]), ("strides", [1L << 40, 1]), ("pads", [-1, 0, 0, 0]), ("pads", [1 << 19, 0, 0, 0]), ("pads", [1]),
            ("kernel_shape", [5, 5]), ("strides", [1, 1, 1]), ("dilations", [0, 0]),
        })
        {
            var graph = Small();
            graph.Graph.Node[0].Attribute.Add(Of(name, values));
            Refused(graph.Bytes(), "Conv0");
        }
    }

    [Fact]
    public void A_cycle_and_a_value_that_nobody_makes_are_refused()
    {
        var cycle = Small();
        cycle.Graph.Node[0].Input[0] = cycle.Graph.Node[1].Output[0];
        cycle.Graph.Node[1].Input.Add("image");
        Refused(cycle.Bytes(), "no node before makes");
        var missing = Small();
        missing.Graph.Node[1].Input[0] = "nowhere";
        Refused(missing.Bytes(), "image");
        var twice = Small();
        twice.Graph.Node[1].Output[0] = twice.Graph.Node[0].Output[0];
        Refused(twice.Bytes(), "twice");
    }

    [Fact]
    public void Data_outside_of_the_models_folder_is_refused()
    {
        var outside = Path.GetTempFileName();
        File.WriteAllBytes(outside, new byte[1000]);
        File.CreateSymbolicLink(_folder.File("link"), outside);
        File.WriteAllBytes(_folder.File("short"), new byte[10]);
        File.WriteAllBytes(_folder.File("long"), new byte[1000]);
        try
        {
            foreach (var location in (string[])[outside, "../" + Path.GetFileName(outside), "link", "a/../../b", "",
                "none", "short", ".", "\0"])
                Refused(External(location).Bytes(), location);
            foreach (var (offset, length) in new[] { ("-1", "60"), ("9999999999999999999999", "60"), ("950", "60"), ("0", "61") })
                Refused(External("long", offset, length).Bytes(), "'w");
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Fact]
    public void Data_in_the_models_folder_is_read()
    {
        var graph = External("data", "16", "60");
        File.WriteAllBytes(_folder.File("data"),
            [.. new byte[16], .. Enumerable.Range(1, 15).SelectMany(i => BitConverter.GetBytes(i / 10f))]);
        _folder.Agrees(graph);
    }

    [Fact]
    public void Nesting_and_millions_of_empty_parts_are_refused_before_they_are_objects()
    {
        byte[] nested = [];
        for (var i = 0; i < 100; i++)
        {
            // A graph in an attribute of a node of a graph.
            nested = Part(1 << 3 | 2, Part(5 << 3 | 2, Part(6 << 3 | 2, nested)));
        }
        Refused(Part(7 << 3 | 2, nested), "deep");
        var empty = new byte[6_000_000];
        for (var i = 0; i < empty.Length; i += 2)
            empty[i] = 1 << 3 | 2;
        Refused(Part(7 << 3 | 2, empty), "parts");
    }

    [Fact]
    public void Constants_computed_over_and_over_take_neither_stack_nor_time_nor_memory()
    {
        foreach (var type in (string[])["Transpose", "Cast", "Neg", "Add", "Concat", "Unsqueeze"])
        {
            var graph = new DrawnGraph(11, 1, 3, 8, 8);
            var x = graph.Weight(1);
            for (var i = 0; i < 20_000; i++)
                x = type switch
                {
                    "Add" => graph.Node(type, $"{x},{x}"),
                    "Concat" => graph.Node(type, $"{x},{x}", Of("axis", 0)),
                    "Unsqueeze" => graph.Node(type, x, Of("axes", [0])),
                    _ => graph.Node(type, x, Of("to", 1)),
                };
            graph.Classified(graph.Node("Add", $"image,{x}"), 3);
            var path = _folder.Write(graph.Bytes());
            try
            {
                OnnxNetwork.Load(path);
            }
            catch (FormatException e)
            {
                Assert.Contains(type, e.Message);
            }
        }
    }

    [Fact]
    public void A_weight_that_is_used_very_often_is_refused()
    {
        var graph = new DrawnGraph(11, 1, 256, 2, 2);
        var weight = graph.Weight(256, 256, 3, 3);
        var x = "image";
        for (var i = 0; i < 1000; i++)
            x = graph.Node("Conv", $"{x},{weight}", Of("pads", [1, 1, 1, 1]));
        Refused(graph.Classified(x, 256).Bytes(), "weights");
    }

    [Theory]
    [InlineData("Softmax", "attention")]
    [InlineData("LSTM", "not known")]
    [InlineData("Resize", "not known")]
    [InlineData("Sub", "input 1")]
    public void What_cannot_be_read_is_named(string type, string why)
    {
        var graph = new DrawnGraph(13, 1, 3, 8, 8);
        var x = graph.Node(type, graph.Node("Conv", $"image,{graph.Weight(5, 3, 1, 1)}"));
        var message = Refused(graph.Classified(graph.Node("Relu", x), 5).Bytes(), why);
        Assert.Contains(type + "1_1", message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_channel_shuffle_is_named_as_one(bool isChannelsLast)
    {
        var graph = new DrawnGraph(13, 1, 3, 8, 8);
        var x = graph.Node("Relu", graph.Node("Conv", $"image,{graph.Weight(6, 3, 1, 1)}"));
        if (isChannelsLast)
            x = graph.Node("Transpose", x, Of("perm", [0, 2, 3, 1]));
        var split = graph.Node("Reshape", $"{x},{(isChannelsLast ? graph.Integers(0, 8, 8, 2, -1) : graph.Integers(1, 2, 3, 8, 8))}");
        var swapped = graph.Node("Transpose", split, Of("perm", isChannelsLast ? [0, 1, 2, 4, 3] : [0, 2, 1, 3, 4]));
        x = graph.Node("Reshape", $"{swapped},{(isChannelsLast ? graph.Integers(1, 8, 8, 6) : graph.Integers(1, -1, 8, 8))}");
        if (isChannelsLast)
            x = graph.Node("Transpose", x, Of("perm", [0, 3, 1, 2]));
        var message = Refused(graph.Classified(x, 6).Bytes(), "a channel shuffle of 2 times 3 channels, which is not supported");
        Assert.Contains($"Node '{split[..^4]}' (Reshape)", message);
        Assert.Contains($"with '{swapped[..^4]}' (Transpose)", message);
    }

    [Fact]
    public void A_graph_that_is_no_classifier_of_images_is_refused()
    {
        Refused(new DrawnGraph(13, 1, 3, 8, 8).Ending("image").Bytes(), "0 inputs");
        var vector = new DrawnGraph(13, 1, 10);
        Refused(vector.Ending(vector.Node("Relu", "image")).Bytes(), "images");
        var old = Small();
        old.Model.OpsetImport[0].Version = 6;
        Refused(old.Bytes(), "operator set 6");
        var newer = Small();
        newer.Model.OpsetImport[0].Version = 22;
        Refused(newer.Bytes(), "operator set 22");
        var two = Small();
        two.Graph.Input.Add(two.Graph.Input[0].Clone());
        two.Graph.Input[1].Name = "other";
        two.Graph.Node[1].Input.Add("other");
        Refused(two.Bytes(), "other");
        Refused(Encoding.UTF8.GetBytes("hello"), "model.onnx");
        Assert.Throws<FileNotFoundException>(() => OnnxNetwork.Load(_folder.File("none.onnx")));
    }

    private string Refused(byte[] model, string expected)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var path = _folder.Write(model);
        var message = Assert.Throws<FormatException>(() => OnnxNetwork.Load(path)).Message;
        Assert.Contains(expected, message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50 << 20, "it took memory");
        return message;
    }

    private static DrawnGraph Small()
    {
        var graph = new DrawnGraph(13, 1, 3, 8, 8);
        return graph.Classified(graph.Node("Relu", graph.Node("Conv", $"image,{graph.Weight(5, 3, 1, 1)}")), 5);
    }

    private static DrawnGraph External(string location, string offset = "0", string length = "60")
    {
        var graph = Small();
        var tensor = graph.Graph.Initializer[0];
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        return graph;
    }

    private static byte[] Part(int tag, byte[] content)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteRawTag((byte)tag);
        output.WriteLength(content.Length);
        output.Flush();
        return [.. stream.ToArray(), .. content];
    }
}
