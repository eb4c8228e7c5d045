using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Several ranks compute what one process computes (test/Microsoft.ML.Dmcp.Tests.Ranks/Equality.cs).</summary>
[Collection(MpiCollection.Name)]
public class MpiEqualityTests
{
    private const double Tolerance = 1e-5;
    private const int Iterations = 50;

    // A gradient of β is multiplied by the number of channels, and with it what the order of additions leaves.
    private const double ToleranceOfBeta = 2e-3;

    private static readonly Lazy<Dictionary<(string Case, string What, int Index), double>> OneProcess =
        new(() => Numbers(MpiRun.Alone("equality")));

    [MpiFact]
    public void Two_ranks_give_the_losses_the_alpha_and_the_widths_of_one_process() => RequireEqual(ranks: 2);

    [MpiFact]
    public void Four_ranks_give_the_losses_the_alpha_and_the_widths_of_one_process() => RequireEqual(ranks: 4);

    private static void RequireEqual(int ranks)
    {
        var (one, several) = (OneProcess.Value, Numbers(MpiRun.Of(ranks, "equality")));
        Assert.Equal(one.Keys.Order(), several.Keys.Order());
        foreach (var name in (string[])["retrain", "without norms", "dmcp", "dais"])
            Assert.True(one.Keys.Count(k => k.Case == name && k.What == "loss") >= Iterations);
        foreach (var (key, value) in one)
        {
            var most = key.What switch
            {
                "width" or "accuracy" => 0,
                "beta" => ToleranceOfBeta,
                _ => Tolerance,
            };
            Assert.True(Math.Abs(several[key] - value) <= most, $"{key}: {several[key]} of {ranks} ranks, {value} of one process.");
        }
    }

    private static Dictionary<(string Case, string What, int Index), double> Numbers((int Status, string Output) run)
    {
        Assert.True(run.Status == 0, run.Output);
        return run.Output.Split('\n').Select(line => line.Trim().Split('|')).Where(parts => parts.Length == 4).ToDictionary(
            parts => (parts[0], parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture)),
            parts => double.Parse(parts[3], CultureInfo.InvariantCulture));
    }
}
