using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>
/// Labels keep their type through training, saving and loading, as with ML.NET's own trainers (MulticlassClassificationScorer).
/// </summary>
public sealed class ClassNameTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-names").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Labels_that_are_integers_come_back_as_integers() => ComeBack([9, 7, 5, -3]);

    [Fact]
    public void Labels_that_are_fractions_come_back_to_the_last_digit() => ComeBack([0.1f, 1f / 3, -1e-20f, 3e30f]);

    [Fact]
    public void Labels_that_are_wide_numbers_come_back_whole() => ComeBack<ulong>([ulong.MaxValue, 1, 2, 3]);

    [Fact]
    public void Labels_that_are_doubles_come_back_to_the_last_digit() => ComeBack([1.0 / 3, Math.PI, 0, -2e-300]);

    [Fact]
    public void Labels_that_are_booleans_come_back_as_booleans() => ComeBack([true, false]);

    [Fact]
    public void Labels_that_are_text_come_back_as_text_and_name_the_slots_of_the_scores()
    {
        var values = new[] { "düne", "b c", "", "z" }.Select(n => n.AsMemory()).ToArray();
        foreach (var schema in Outputs(values, (r, v) => new TextLabel { Value = v.ToString(), Pixels = r.Pixels }, out _))
        {
            Assert.Equal(
                ["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind", "SlotNames", "TrainingLabelValues"], Kinds(schema["Score"]));
            VBuffer<ReadOnlyMemory<char>> names = default;
            schema["Score"].GetSlotNames(ref names);
            Assert.Equal(["düne", "b c", "z"], names.DenseValues().Select(v => v.ToString()));
        }
    }

    [Fact]
    public void Keys_without_names_are_predicted_without_names()
    {
        var data = _ml.Data.LoadFromEnumerable(
            TestImages.Rows(32, seed: 1).Select((r, i) => new KeyedRow { Label = (uint)(i % 4), Pixels = r.Pixels }).ToArray());
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(data);
        foreach (var schema in new[] { model, Reload(model) }.Select(m => m.Transform(data).Schema))
        {
            Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind"], Kinds(schema["PredictedLabel"]));
            Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind"], Kinds(schema["Score"]));
        }
        Assert.Equal(["0", "1", "2", "3"], ((PrunedNetworkTransformer)Reload(model)).ClassNames);
        Assert.Equal(4, _ml.MulticlassClassification.Evaluate(model.Transform(data)).PerClassLogLoss.Count);
    }

    [Fact]
    public void A_model_that_was_saved_before_types_were_kept_is_read_with_text()
    {
        var unpruned = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        using var network = new SlimmableNetwork(unpruned.AtWidths(TinyPipeline.Config().WidthsFor(unpruned)), CPU, new RandomSource(1));
        var model = new PrunedModel(network, TinyPipeline.Config(), RetrainMethod.FromScratch, new Normalization([1, 2, 3], [1, 1, 1]),
            new ClassNames(["1", "2", "3", "4"], ClassNameType.Find("Int32")), new VectorImage(PixelLayout.Planar, 3, 12, 12),
            "Pixels", "Score", "PredictedLabel");
        using var stream = new MemoryStream();
        PrunedModelFile.Write(model, new BinaryWriter(stream, Encoding.UTF8));
        Assert.Equal(typeof(int), Read(stream.ToArray()).Type!.ItemType.RawType);
        Assert.Equal(TextDataViewType.Instance, Read(Change(stream.ToArray(), header => header.Remove("ClassNameType"))).Type!.ItemType);
        Assert.Contains(
            "'Decimal'",
            Assert.Throws<FormatException>(() => Read(Change(stream.ToArray(), header => header["ClassNameType"] = "Decimal"))).Message);
        Assert.Throws<FormatException>(() => Read(Change(stream.ToArray(), header => header["ClassNames"]![2] = "three")));
    }

    private static ClassNames Read(byte[] file)
    {
        var model = PrunedModelFile.Read(new BinaryReader(new MemoryStream(file), Encoding.UTF8), CPU);
        model.Network.Dispose();
        return model.ClassNames;
    }

    private static byte[] Change(byte[] file, Action<JsonObject> change)
    {
        var source = new MemoryStream(file);
        var header = JsonNode.Parse(new BinaryReader(source, Encoding.UTF8).ReadString())!.AsObject();
        change(header);
        using var target = new MemoryStream();
        new BinaryWriter(target, Encoding.UTF8).Write(header.ToJsonString());
        target.Write(file.AsSpan((int)source.Position));
        return target.ToArray();
    }

    private void ComeBack<T>(T[] values) where T : IEquatable<T>
    {
        foreach (var schema in Outputs(values, (r, v) => new Label<T> { Value = v, Pixels = r.Pixels }, out var predicted))
        {
            Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind", "TrainingLabelValues"], Kinds(schema["Score"]));
            foreach (var (column, kind) in new[] { ("PredictedLabel", "KeyValues"), ("Score", "TrainingLabelValues") })
            {
                VBuffer<T> kept = default;
                schema[column].Annotations.GetValue(kind, ref kept);
                Assert.Equal(values, kept.DenseValues());
            }
            Assert.Equal(typeof(T), predicted.RawType);
        }
    }

    /// <summary>
    /// The schemas of the trained and of the loaded model, after the labels were mapped to keys in the order of the values.
    /// </summary>
    private DataViewSchema[] Outputs<T, TRow>(T[] values, Func<VectorRow, T, TRow> row, out DataViewType predicted) where TRow : class
    {
        // As many classes as values, missing text apart.
        var images = TestImages.Rows(64, seed: 1);
        var data = _ml.Data.LoadFromEnumerable(images.Select((r, i) => row(r, values[i % values.Length])).ToArray());
        var labelled = _ml.Transforms.Conversion.MapValueToKey("Label", "Value").Fit(data).Transform(data);
        var classes = ((KeyDataViewType)labelled.Schema["Label"].Type).Count;
        var options = TinyPipeline.Retrain();
        options.ChannelConfig = UniformScaling.Find(
            TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, (int)classes), Budget.FlopsRatio(0.5));
        var model = _ml.Transforms.PrunedRetrain(options).Fit(labelled);
        var scored = model.Transform(labelled);
        predicted = _ml.Transforms.Conversion.MapKeyToValue("Value", "PredictedLabel").Fit(scored).Transform(scored).Schema["Value"].Type;
        return [scored.Schema, Reload(model).Transform(labelled).Schema];
    }

    private ITransformer Reload(ITransformer model)
    {
        var path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, null, path);
        return new MLContext(seed: 2).Model.Load(path, out _);
    }

    private static string[] Kinds(DataViewSchema.Column column) =>
        column.Annotations.Schema.Select(a => a.Name).Order(StringComparer.Ordinal).ToArray();

    private sealed class Label<T>
    {
        public T Value { get; set; } = default!;

        [VectorType(TestImages.Size * TestImages.Size * 3)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class TextLabel
    {
        public string Value { get; set; } = "";

        [VectorType(TestImages.Size * TestImages.Size * 3)]
        public float[] Pixels { get; set; } = [];
    }
}
