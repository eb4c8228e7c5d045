namespace Microsoft.ML.Dmcp.Data;

/// <summary>Where a run says what it does and what it noticed; the estimators connect it to ML.NET's log.</summary>
/// <param name="Info">Takes messages about progress.</param>
/// <param name="Warning">Takes messages about what the user should look at.</param>
internal sealed record RunLog(Action<string> Info, Action<string> Warning);
