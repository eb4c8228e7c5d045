using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>Whether a network can meet a budget, before any hour is spent.</summary>
/// <param name="network">The unpruned network.</param>
/// <param name="budget">The budget.</param>
internal sealed class BudgetCheck(NetworkDescription network, Budget budget)
{
    /// <exception cref="ArgumentOutOfRangeException">It cannot; the message says which range it can meet.</exception>
    public void Require() => budget.For(network, new AllowedWidths(network, 1).Narrowest);
}
