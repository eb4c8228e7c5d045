namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>The operators that are read.</summary>
internal static class OperatorTable
{
    /// <summary>By operator: what makes a node's value.</summary>
    public static IReadOnlyDictionary<string, Func<NodeReader, OnnxValue>> Readers { get; } =
        new Dictionary<string, Func<NodeReader, OnnxValue>>
        {
            ["Conv"] = ConvolutionReader.Conv,
            ["BatchNormalization"] = ConvolutionReader.BatchNormalization,
            ["Gemm"] = DenseReader.Gemm,
            ["MatMul"] = DenseReader.MatMul,
            ["MaxPool"] = PoolReader.MaxPool,
            ["AveragePool"] = PoolReader.AveragePool,
            ["GlobalAveragePool"] = PoolReader.GlobalAveragePool,
            ["GlobalMaxPool"] = PoolReader.GlobalMaxPool,
            ["ReduceMean"] = PoolReader.ReduceMean,
            ["ReduceMax"] = PoolReader.ReduceMax,
            ["Relu"] = ActivationReader.Relu,
            ["Clip"] = ActivationReader.Clip,
            ["LeakyRelu"] = ActivationReader.LeakyRelu,
            ["Sigmoid"] = ActivationReader.Sigmoid,
            ["HardSigmoid"] = ActivationReader.HardSigmoid,
            ["HardSwish"] = ActivationReader.HardSwish,
            ["Add"] = ArithmeticReader.Add,
            ["Sum"] = ArithmeticReader.Sum,
            ["Sub"] = ArithmeticReader.Sub,
            ["Mul"] = ArithmeticReader.Mul,
            ["Div"] = ArithmeticReader.Div,
            ["Neg"] = ArithmeticReader.Neg,
            ["Sqrt"] = ArithmeticReader.Sqrt,
            ["Concat"] = ShapeReader.Concat,
            ["Flatten"] = ShapeReader.Flatten,
            ["Reshape"] = ShapeReader.Reshape,
            ["Squeeze"] = ShapeReader.Squeeze,
            ["Unsqueeze"] = ShapeReader.Unsqueeze,
            ["Transpose"] = ShapeReader.Transpose,
            ["Pad"] = ShapeReader.Pad,
            ["Identity"] = PassReader.Identity,
            ["Dropout"] = PassReader.Identity,
            ["Cast"] = PassReader.Cast,
            ["Softmax"] = PassReader.Softmax,
            ["LogSoftmax"] = PassReader.Softmax,
            ["Constant"] = ConstantReader.Constant,
            ["ConstantOfShape"] = ConstantReader.ConstantOfShape,
            ["Shape"] = ConstantReader.Shape,
            ["Gather"] = ConstantReader.Gather,
            ["Slice"] = ConstantReader.Slice,
        };
}
