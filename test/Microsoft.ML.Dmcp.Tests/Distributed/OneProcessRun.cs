using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>What one process computes in the cases of test/Microsoft.ML.Dmcp.Tests.Ranks/Equality.cs.</summary>
public sealed class OneProcessRun : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-equality").FullName;
    private readonly Lazy<Dictionary<(string Case, string What, int Index), double>> _numbers;

    public OneProcessRun() => _numbers = new(() => Read(MpiRun.Alone("equality", Whole)));

    public Dictionary<(string Case, string What, int Index), double> Numbers => _numbers.Value;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The same numbers of several ranks.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="withGivenWeights">Whether also those of runs that begin with the weights which the one process trained.</param>
    public Dictionary<(string Case, string What, int Index), double> Of(int ranks, bool withGivenWeights) =>
        Read(withGivenWeights && Numbers.Count > 0 ? MpiRun.Of(ranks, "equality", Whole) : MpiRun.Of(ranks, "equality"));

    /// <summary>The network that runs begin with, which the one process trains.</summary>
    private string Whole => Path.Combine(_folder, "whole.ckpt");

    private static Dictionary<(string Case, string What, int Index), double> Read((int Status, string Output) run)
    {
        Assert.True(run.Status == 0, run.Output);
        return run.Output.Split('\n').Select(line => line.Trim().Split('|')).Where(parts => parts.Length == 4).ToDictionary(
            parts => (parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture)),
            parts => double.Parse(parts[3], CultureInfo.InvariantCulture));
    }
}
