using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>What the short forms of the catalog's methods make of their arguments.</summary>
public sealed class DmcpCatalogTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-catalog").FullName;

    public DmcpCatalogTests()
    {
        var images = TestImages.Rows(32, seed: 1).Select(r => new Row { Label = r.Name, Features = r.Pixels }).ToArray();
        var rows = _ml.Data.LoadFromEnumerable(images);
        _data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Network_budget_and_epochs_of_the_short_form_are_those_of_the_search()
    {
        var budget = Budget.FlopsRatio(0.7);
        ChannelSearchTransformer[] searches =
        [
            _ml.Transforms.DmcpSearch(network: TestImages.Network, budget: budget, numberOfEpochs: 2).Fit(_data),
            _ml.MulticlassClassification.Trainers.DmcpSearch(network: TestImages.Network, budget: budget, numberOfEpochs: 2).Fit(_data),
            _ml.Transforms.DaisSearch(TestImages.Network, budget, 2).Fit(_data),
            _ml.Transforms.FilterPruning(TestImages.Network, budget, 2).Fit(_data),
        ];
        foreach (var config in searches.Select(s => s.ChannelConfig))
        {
            Assert.Equal("tiny", config.Network);
            Assert.Equal("70 % of the FLOPs", config.Method.Settings["budget"]);
            Assert.StartsWith("2", config.Method.Settings["epochs"]);
        }
    }

    [Fact]
    public void What_is_left_out_of_the_short_form_is_what_the_options_have()
    {
        var config = _ml.Transforms.UniformScaling().Fit(_data).ChannelConfig;
        Assert.Equal("cifar-resnet20", config.Network);
        Assert.Equal("50 % of the FLOPs", config.Method.Settings["budget"]);
    }

    [Fact]
    public void A_config_is_saved_from_a_chain_in_a_chain_and_a_model_without_one_says_what_it_holds()
    {
        var search = _ml.Transforms.UniformScaling(TestImages.Network).Fit(_data);
        var chain = new TransformerChain<ITransformer>(new TransformerChain<ITransformer>(search));
        var path = Path.Combine(_folder, "config.json");
        _ml.Model.SaveChannelConfig(chain, path);
        Assert.Equal(search.ChannelConfig.ToJson(), _ml.Model.LoadChannelConfig(path).ToJson());

        var copy = _ml.Transforms.CopyColumns("Copy", "Label").Fit(_data);
        var without = new TransformerChain<ITransformer>(copy);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.SaveChannelConfig(without, path));
        Assert.Contains("but ColumnCopyingTransformer.", error.Message);
    }

    private sealed class Row
    {
        public string Label { get; set; } = "";

        [VectorType(TestImages.Size * TestImages.Size * 3)]
        public float[] Features { get; set; } = [];
    }
}
