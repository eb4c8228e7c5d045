namespace Microsoft.ML.Dmcp.Tests.Estimators;

public class DmcpPresetTests
{
    [Fact]
    public Task The_settings_of_the_paper_and_of_the_release_stay_what_they_are()
    {
        var text = DmcpPreset.All.SelectMany(preset => (string[])
        [
            $"# {preset.Name}: {preset.Source}",
            $"network: {preset.Search(Budget.FlopsRatio(0.5)).Network}",
            .. preset.Search(Budget.FlopsRatio(0.5)).ToSettings().Select(s => $"search {s.Key}: {s.Value}"),
            .. preset.Retrain().ToSettings().Select(s => $"retrain {s.Key}: {s.Value}"),
            "",
        ]);
        return Verifier.Verify(string.Join('\n', text)).UseDirectory("../Snapshots");
    }

    [Fact]
    public void Every_preset_is_accepted_and_changing_its_options_leaves_it_as_it_was()
    {
        var ml = new MLContext(seed: 1);
        Assert.Equal(6, DmcpPreset.All.Select(p => p.Name).Distinct().Count());
        foreach (var preset in DmcpPreset.All)
        {
            ml.Transforms.DmcpSearch(preset.Search(Budget.FlopsRatio(0.5)));
            ml.Transforms.PrunedRetrain(preset.Retrain());
            preset.Search(Budget.FlopsRatio(0.5)).BatchSize = 1;
            Assert.Equal(512, preset.Search(Budget.FlopsRatio(0.5)).BatchSize);
        }
    }
}
