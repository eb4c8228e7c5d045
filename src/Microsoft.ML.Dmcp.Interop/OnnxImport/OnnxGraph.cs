using Google.Protobuf;
using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>The graph of a model file: the nodes that its first output needs, in order, and its constants.</summary>
internal sealed class OnnxGraph
{
    private const int Oldest = 7, Newest = 21, MostNodes = 50_000, DeepestMessage = 32;
    private const long LargestFile = 1L << 30;

    private readonly Dictionary<string, List<NodeProto>> _readers = [];

    private OnnxGraph(ModelProto model, string path)
    {
        var graph = model.Graph ?? throw new FormatException("It has no graph.");
        Opset = OpsetOf(model);
        var tensors = new OnnxTensorReader(Path.GetDirectoryName(Path.GetFullPath(path))!);
        foreach (var tensor in graph.Initializer)
            if (!Constants.TryAdd(tensor.Name, tensors.Read(tensor)))
                throw new FormatException($"Tensor '{tensor.Name}' is there twice.");
        Tensors = tensors;
        if (graph.Output.Count == 0)
            throw new FormatException("Its graph has no output.");
        if (graph.Node.Count > MostNodes)
            throw new FormatException($"Its graph has {graph.Node.Count} nodes; at most {MostNodes} are read.");
        Output = graph.Output[0].Name;
        OtherOutputs = graph.Output.Skip(1).Select(o => o.Name).ToArray();
        Nodes = Needed(graph);
        foreach (var node in Nodes)
            foreach (var input in node.Input)
                (_readers.TryGetValue(input, out var list) ? list : _readers[input] = []).Add(node);
        var inputs = graph.Input.Where(i => !Constants.ContainsKey(i.Name) && _readers.ContainsKey(i.Name)).ToArray();
        if (inputs.Length != 1)
            throw new FormatException(
                $"Its graph reads {inputs.Length} inputs ({string.Join(", ", inputs.Take(5).Select(i => i.Name))}); " +
                "a classifier of images reads one.");
        Input = inputs[0];
    }

    /// <summary>Version of the operators.</summary>
    public int Opset { get; }

    /// <summary>The image.</summary>
    public ValueInfoProto Input { get; }

    /// <summary>Name of the value that is the result.</summary>
    public string Output { get; }

    /// <summary>Outputs that are not read.</summary>
    public IReadOnlyList<string> OtherOutputs { get; }

    /// <summary>The nodes that the result needs, in the order of the file.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>The constants of the file by name.</summary>
    public Dictionary<string, OnnxTensor> Constants { get; } = [];

    /// <summary>Reads further tensors, those of attributes.</summary>
    public OnnxTensorReader Tensors { get; }

    /// <summary>The nodes that read a value.</summary>
    public IReadOnlyList<NodeProto> ReadersOf(string value) => _readers.GetValueOrDefault(value, []);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is no ONNX model, or one that is too large or too new.</exception>
    public static OnnxGraph Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"There is no model '{path}'.", path);
        if (file.Length > LargestFile)
            throw new FormatException($"It has {file.Length} bytes; at most {LargestFile} are read.");
        try
        {
            using var stream = file.OpenRead();
            OnnxMessageCount.Check(stream);
            stream.Position = 0;
            using var input = CodedInputStream.CreateWithLimits(stream, (int)LargestFile, DeepestMessage);
            return new OnnxGraph(ModelProto.Parser.ParseFrom(input), path);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException($"It is damaged or no ONNX model: {e.Message}", e);
        }
    }

    private static int OpsetOf(ModelProto model)
    {
        var version = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(1).Max();
        return version is >= Oldest and <= Newest
            ? (int)version
            : throw new FormatException($"It is of operator set {version}; {Oldest} to {Newest} are read.");
    }

    // From the output back: what is not reached does not matter, whatever it is.
    private List<NodeProto> Needed(GraphProto graph)
    {
        var made = new HashSet<string>(Constants.Keys);
        foreach (var node in graph.Node)
            foreach (var output in node.Output)
                if (output.Length > 0 && !made.Add(output))
                    throw new FormatException($"Value '{output}' is made twice.");
        var wanted = new HashSet<string> { Output };
        var needed = new List<NodeProto>();
        for (var i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (!node.Output.Any(wanted.Contains))
                continue;
            needed.Add(node);
            wanted.UnionWith(node.Input);
        }
        needed.Reverse();
        return needed;
    }
}
