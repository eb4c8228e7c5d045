namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>Channel configs between a search, files and a retraining.</summary>
public sealed class PipelineConfigTests : PipelineTest
{
    [Fact]
    public void A_config_file_can_be_retrained_and_a_zoo_network_is_found_by_its_name()
    {
        var network = NetworkZoo.CifarResNet(8, 0.5).Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var path = Path.Combine(Folder, "config.json");
        UniformScaling.Find(network, Budget.FlopsRatio(0.25)).Save(path);
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var options = Retrain(epochs: 1);
        options.ChannelConfigPath = path;
        options.Network = null;
        var model = Label().Append(ML.Transforms.PrunedRetrain(options)).Fit(data);
        Assert.Equal(ChannelConfig.Load(path).Flops, model.LastTransformer.ChannelConfig.Flops);
    }

    [Fact]
    public void A_config_whose_widths_were_edited_by_hand_is_counted_anew_with_a_warning()
    {
        var warnings = new List<string>();
        ML.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var edited = config with { Groups = config.Groups.Select(g => g with { Width = 2 }).ToArray() };
        var model = Label().Append(ML.Transforms.PrunedRetrain(Retrain(edited, epochs: 1)))
            .Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1)));
        Assert.Contains("which are used", Assert.Single(warnings));
        Assert.True(model.LastTransformer.ChannelConfig.Flops < config.Flops / 2);
    }

    [Fact]
    public void Structures_drawn_from_a_search_meet_the_budget_differ_and_come_again_from_the_saved_model()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(128, seed: 1));
        var model = Label().Append(ML.Transforms.DmcpSearch(SearchSettings(epochs: 8))).Fit(data);
        var search = model.LastTransformer;
        var structures = search.SampleStructures(5, seed: 3, tolerance: 0.3);
        Assert.Equal(5, structures.Select(s => string.Join(',', s.Groups.Select(g => g.Width))).Distinct().Count());
        Assert.All(structures, s => Assert.InRange(s.Flops, (long)(0.7 * 0.5 * s.UnprunedFlops), s.UnprunedFlops / 2));
        Assert.Equal(structures.Select(s => s.ToJson()), search.SampleStructures(5, seed: 3, tolerance: 0.3).Select(s => s.ToJson()));
        Assert.NotEqual(structures.Select(s => s.ToJson()), search.SampleStructures(5, seed: 4, tolerance: 0.3).Select(s => s.ToJson()));

        var path = Path.Combine(Folder, "search.zip");
        ML.Model.Save(model, data.Schema, path);
        var loaded = ((IEnumerable<ITransformer>)ML.Model.Load(path, out _)).OfType<DmcpSearchTransformer>().Single();
        Assert.Equal(search.ChannelConfig.ToJson(), loaded.ChannelConfig.ToJson());
        Assert.Equal(structures.Select(s => s.ToJson()), loaded.SampleStructures(5, seed: 3, tolerance: 0.3).Select(s => s.ToJson()));

        var error = Assert.Throws<InvalidOperationException>(() => search.SampleStructures(5, tolerance: 0, maxDraws: 1000));
        Assert.Contains("1000 draws gave", error.Message);
        Assert.Contains("tolerance", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => search.SampleStructures(0));
    }

    [Fact]
    public void The_channel_config_of_a_model_is_saved_and_loaded_through_the_catalog()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var model = Search().Append(ML.Transforms.PrunedRetrain(Retrain(epochs: 1))).Fit(data);
        var path = Path.Combine(Folder, "config.json");
        ML.Model.SaveChannelConfig(model, path);
        Assert.Equal(model.LastTransformer.ChannelConfig.ToJson(), ML.Model.LoadChannelConfig(path).ToJson());
        Assert.Throws<InvalidOperationException>(() => ML.Model.SaveChannelConfig(Label().Fit(data), path));
        Assert.Throws<FileNotFoundException>(() => ML.Model.LoadChannelConfig(path + ".missing"));
    }
}
