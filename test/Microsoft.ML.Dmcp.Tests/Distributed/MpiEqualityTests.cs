namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Several ranks compute what one process computes (test/Microsoft.ML.Dmcp.Tests.Ranks/Equality.cs).</summary>
/// <param name="one">What one process computes.</param>
[Collection(MpiCollection.Name)]
public class MpiEqualityTests(OneProcessRun one) : IClassFixture<OneProcessRun>
{
    private const double Tolerance = 1e-5;
    private const double ToleranceOfFirstLoss = 2e-4;
    private const int Iterations = 50;

    // A gradient of β is multiplied by the number of channels, and with it what the order of additions leaves.
    private const double ToleranceOfBeta = 2e-3;

    [MpiFact]
    public void Two_ranks_give_the_losses_the_alpha_and_the_widths_of_one_process()
    {
        var two = one.Of(ranks: 2, withGivenWeights: true);
        Assert.Equal(one.Numbers.Keys.Order(), two.Keys.Order());
        RequireEqual(two);
    }

    [MpiFact]
    public void Four_ranks_give_the_losses_the_alpha_and_the_widths_of_one_process() =>
        RequireEqual(one.Of(ranks: 4, withGivenWeights: false));

    private void RequireEqual(Dictionary<(string Case, string What, int Index), double> several)
    {
        foreach (var name in (string[])["retrain", "without norms", "dmcp", "dais"])
            Assert.True(several.Keys.Count(k => k.Case == name && k.What == "loss") >= Iterations);
        foreach (var (key, value) in several)
        {
            // Of 8 binary digits, a sum in another order changes the last one of some values.
            var isRounded = key.Case.EndsWith("bfloat16", StringComparison.OrdinalIgnoreCase);
            var most = key.What switch
            {
                "width" => isRounded ? 1 : 0,
                "accuracy" or "comparison" => isRounded ? 0.1 : 0,
                "beta" => ToleranceOfBeta,
                "loss" when isRounded && key.Index == 0 => ToleranceOfFirstLoss,
                _ => isRounded ? 0.01 : Tolerance,
            };
            var expected = one.Numbers[key];
            Assert.True(Math.Abs(value - expected) <= most, $"{key}: {value} of several ranks, {expected} of one process.");
        }
    }
}
