using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>A cost as tensor operations that never wait for the device.</summary>
internal interface IExpectedCost : IDisposable
{
    /// <summary>Expected cost in millions, a scalar.</summary>
    /// <param name="expectedWidths">Expected width of every channel group, [groups].</param>
    Tensor Of(Tensor expectedWidths);
}
