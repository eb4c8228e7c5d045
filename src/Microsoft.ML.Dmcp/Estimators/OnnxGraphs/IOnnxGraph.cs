namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>An ONNX graph while it is written: a file of its own, or a part of the one that ML.NET's converter makes.</summary>
internal interface IOnnxGraph
{
    /// <summary>Adds a node with one result.</summary>
    /// <param name="type">Its operator, of ONNX's own domain.</param>
    /// <param name="node">Its name, where no other has it.</param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="attributes">What the operator has to know.</param>
    /// <returns>Name of the result.</returns>
    string AddNode(string type, string node, IEnumerable<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes);

    /// <summary>Adds a constant of floats.</summary>
    /// <param name="constant">Its name, where no other has it.</param>
    /// <param name="values">Its elements.</param>
    /// <param name="shape">Its dimensions; none for a single number.</param>
    /// <returns>The name that it got.</returns>
    string AddConstant(string constant, float[] values, params ReadOnlySpan<long> shape);

    /// <summary>Adds a vector of whole numbers.</summary>
    /// <returns>The name that it got.</returns>
    string AddIntegers(string constant, params ReadOnlySpan<long> values);
}
