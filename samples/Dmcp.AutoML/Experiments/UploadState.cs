namespace Dmcp.AutoML.Experiments;

/// <summary>What came out of an upload.</summary>
internal sealed record UploadState(string Id, SortedDictionary<string, int> Classes, int LeftOut);
