using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>A network of the final table.</summary>
/// <param name="Name">What it is called there.</param>
/// <param name="Config">Widths and costs of the first seed.</param>
/// <param name="File">Where the model of the first seed is saved.</param>
/// <param name="Accuracies">Share of the held-out images classified correctly, one a seed.</param>
internal sealed record ComparedNetwork(string Name, ChannelConfig Config, string File, Sample Accuracies);
