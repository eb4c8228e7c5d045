namespace Microsoft.ML.Dmcp;

/// <summary>How a channel config was found.</summary>
/// <param name="Name">Name of the method, such as <c>dmcp</c> or <c>uniform</c>.</param>
/// <param name="Settings">Its settings as text, so that a config says how to repeat it.</param>
public sealed record SearchMethod(string Name, IReadOnlyDictionary<string, string> Settings);
