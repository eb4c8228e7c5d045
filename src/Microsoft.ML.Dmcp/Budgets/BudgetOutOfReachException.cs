namespace Microsoft.ML.Dmcp;

/// <summary>A budget lies outside of what a network can cost; the message names the range that can be met.</summary>
public sealed class BudgetOutOfReachException : ArgumentOutOfRangeException
{
    /// <summary>Made by what checks a budget.</summary>
    /// <param name="paramName">Name of the option.</param>
    /// <param name="actualValue">The budget.</param>
    /// <param name="message">What is wrong, and what can be met.</param>
    public BudgetOutOfReachException(string paramName, object actualValue, string message) : base(paramName, actualValue, message)
    {
    }

    /// <summary>What is wrong, without the fix; empty where whoever made the exception did not say.</summary>
    public string Reason { get; internal init; } = "";

    /// <summary>What the budget limits.</summary>
    public BudgetMetric Metric { get; internal init; }

    /// <summary>What the narrowest network costs: millions of operations or of parameters, or milliseconds.</summary>
    public double Least { get; internal init; }

    /// <summary>What the unpruned network costs, likewise.</summary>
    public double Largest { get; internal init; }

    /// <summary>Whether the budget is too small, rather than too large.</summary>
    public bool IsTooSmall { get; internal init; }
}
