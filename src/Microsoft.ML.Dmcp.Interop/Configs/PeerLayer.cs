namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>A layer under the names that other tools give it.</summary>
/// <param name="Index">Position in <see cref="NetworkDescription.Layers"/>.</param>
/// <param name="Release">Place in the dict of the authors' release, keys joined by dots; null where the dict leaves it out.</param>
/// <param name="MMRazor">Name in MMClassification's network.</param>
internal sealed record PeerLayer(int Index, string? Release, string MMRazor);
