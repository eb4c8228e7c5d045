using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>c + l·e + eᵀQe of expected widths e, in millions (Eq. 12): three tensor operations, however deep the network.</summary>
internal sealed class ExpectedCost(Tensor quadratic, Tensor linear, double constant) : IExpectedCost
{
    private readonly Tensor _quadratic = quadratic.DetachFromDisposeScope();
    private readonly Tensor _linear = linear.DetachFromDisposeScope();

    /// <summary>Number of channel groups.</summary>
    public int Groups => (int)_linear.shape[0];

    /// <summary>Expected cost in millions, a scalar.</summary>
    /// <param name="expectedWidths">Expected width of every channel group, [groups].</param>
    public Tensor Of(Tensor expectedWidths) => expectedWidths.mul(_quadratic.matmul(expectedWidths).Plus(_linear)).sum().Plus(constant);

    public void Dispose()
    {
        _quadratic.Dispose();
        _linear.Dispose();
    }
}
