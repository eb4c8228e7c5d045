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
}
