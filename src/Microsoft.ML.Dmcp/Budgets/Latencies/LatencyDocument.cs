namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>A latency table as JSON.</summary>
/// <param name="Format">What kind of file this is.</param>
/// <param name="Version">Version of the format.</param>
/// <param name="Network">Name of the network that it was measured for.</param>
/// <param name="ImageChannels">Channels of its images.</param>
/// <param name="ImageHeight">Height of its images.</param>
/// <param name="ImageWidth">Width of its images.</param>
/// <param name="Engine">What computed.</param>
/// <param name="Machine">On which machine.</param>
/// <param name="BatchSize">Images of one run.</param>
/// <param name="NumberOfThreads">Threads of one run.</param>
/// <param name="Layers">The layers' times.</param>
/// <param name="Overhead">What whole networks take beside.</param>
internal sealed record LatencyDocument(
    string Format, int Version, string Network, int ImageChannels, int ImageHeight, int ImageWidth, string Engine, string Machine,
    int BatchSize, int NumberOfThreads, IReadOnlyList<LayerTimes> Layers, NetworkOverhead Overhead);
