
namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>An event as it stands in a file.</summary>
internal sealed record LoggedEvent(double WallTime, long Step, string? FileVersion, IReadOnlyDictionary<string, float> Scalars);
