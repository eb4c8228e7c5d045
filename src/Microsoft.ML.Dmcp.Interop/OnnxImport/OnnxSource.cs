using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>What is learned of a graph when it is read at its own size, and holds at every other.</summary>
internal sealed class OnnxSource
{
    private readonly List<string> _remarks = [];

    /// <summary>The node that makes the scores; null when the graph makes features.</summary>
    public NodeProto? Head { get; init; }

    /// <summary>Whether the input has the channels behind the pixels.</summary>
    public bool IsChannelsLast { get; init; }

    /// <summary>Images of a batch, as the file has them.</summary>
    public long Batch { get; init; } = 1;

    /// <summary>Whether the image's channels are blue, green, red: the weights that read them are turned around.</summary>
    public bool IsBgr { get; init; }

    /// <summary>Classes of the file; null when it makes features or was not read yet.</summary>
    public int? Classes { get; set; }

    /// <summary>Pools that take in the whole image at the file's size: they do at every size.</summary>
    public HashSet<NodeProto> GlobalPools { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the file's own size is being read.</summary>
    public bool IsNative { get; set; }

    /// <summary>Factor of every channel of the image; null when the graph does not scale it.</summary>
    public float[]? Scale { get; private set; }

    /// <summary>What is added to every channel of the image then.</summary>
    public float[]? Shift { get; private set; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Adds a remark once.</summary>
    public void Remark(string text)
    {
        if (!_remarks.Contains(text))
            _remarks.Add(text);
    }

    /// <summary>The graph begins with a scale and a shift of the pixels.</summary>
    public void Normalize(float[] scale, float[] shift) => (Scale, Shift) = (scale, shift);
}
