using Microsoft.ML.Dmcp;

namespace Microsoft.ML.Dmcp.Tests.Worker;

/// <summary>Says at once what a worker takes and ends.</summary>
internal sealed class LinePerTrial : IProgress<DmcpTrial>
{
    public void Report(DmcpTrial value) => Console.WriteLine($"{value.State} {value.Number}");
}
