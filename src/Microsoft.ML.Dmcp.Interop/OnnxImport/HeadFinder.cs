using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>
/// Finds the node that makes the scores: the last one with weights, when nothing but a change of shape or a pool follows.
/// </summary>
internal static class HeadFinder
{
    private static readonly string[] Shapes = ["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Dropout", "Transpose"];
    private static readonly string[] Ends = ["Softmax", "LogSoftmax"];
    private static readonly string[] Pools = ["GlobalAveragePool", "AveragePool", "ReduceMean"];

    /// <summary>The node; null where the graph makes features.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isClassifier">What the user says; null for nothing.</param>
    public static NodeProto? Find(OnnxGraph graph, bool? isClassifier)
    {
        if (isClassifier == false)
            return null;
        var makers = new Dictionary<string, NodeProto>();
        foreach (var node in graph.Nodes)
            foreach (var output in node.Output)
                makers[output] = node;
        var (value, isCertain, isActivated, isPooled) = (graph.Output, isClassifier == true, false, false);
        while (makers.TryGetValue(value, out var node) && node.Input.Count > 0)
        {
            if (node.OpType is "Gemm" or "MatMul")
                return isPooled ? null : node;
            // Filters of one pixel give the scores of every position (SqueezeNet, NiN). Features may end so too: they are activated.
            if (node.OpType == "Conv")
                return isCertain || !isActivated ? node : null;
            isCertain |= Ends.Contains(node.OpType);
            isActivated |= node.OpType == "Relu";
            isPooled |= Pools.Contains(node.OpType);
            if (node.OpType == "Add")
                value = node.Input.FirstOrDefault(i => makers.TryGetValue(i, out var maker) && maker.OpType == "MatMul", "");
            else if (Shapes.Contains(node.OpType) || Ends.Contains(node.OpType) || Pools.Contains(node.OpType) || node.OpType == "Relu")
                value = node.Input[0];
            else
                break;
        }
        return isClassifier == true
            ? throw new FormatException($"Its output '{graph.Output}' is not made by a layer of scores.") : null;
    }
}
