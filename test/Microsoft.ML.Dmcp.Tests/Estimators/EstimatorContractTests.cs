using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.MLNet;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>ML.NET's own checklist for an estimator (TestEstimatorCore), and what its views and cursors promise.</summary>
public sealed class EstimatorContractTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-contract").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Both => ["search", "retrain"];

    public static TheoryData<string, string> BothWithAllLabels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in new[] { "search", "retrain" })
                foreach (var labels in new[] { "text", "numbers", "nameless" })
                    data.Add(name, labels);
            return data;
        }
    }

    [Theory, MemberData(nameof(Both))]
    public void Data_that_cannot_be_used_is_refused_before_it_is_read_and_at_Fit(string name)
    {
        var estimator = TinyPipeline.Estimator(_ml, name);
        var good = TinyPipeline.Labelled(_ml, 8);
        foreach (var bad in (IDataView[])
            [
                Without(good, "Label"), Without(good, "Pixels"),
                Change(good, _ml.Transforms.CopyColumns("Label", "Name")), Change(good, _ml.Transforms.CopyColumns("Label", "Number")),
                Change(good, _ml.Transforms.Concatenate("Label", "Label")),
                Change(good, _ml.Transforms.CopyColumns("Pixels", "Number")), Change(good, _ml.Transforms.CopyColumns("Pixels", "Name")),
                Change(good, _ml.Transforms.Concatenate("Pixels", "Label")),
            ])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(MLNetInternals.ShapeOf(bad.Schema)));
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(bad));
        }
        Assert.Throws<ArgumentNullException>(() => estimator.GetOutputSchema(null));
        Assert.Throws<ArgumentNullException>(() => estimator.Fit(null));
    }

    [Fact]
    public void Data_without_the_images_of_a_trained_network_is_refused_before_it_is_read_by_the_saved_one_too()
    {
        var data = TinyPipeline.Labelled(_ml);
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(data);
        IDataView[] wrong =
        [
            Without(data, "Pixels"),
            Change(data, _ml.Transforms.CopyColumns("Pixels", "Number")),
            Change(data, _ml.Transforms.Concatenate("Pixels", "Number", "Number")),
        ];
        foreach (var transformer in new[] { model, Reload(model, data.Schema) })
            foreach (var bad in wrong)
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => transformer.GetOutputSchema(bad.Schema));
                Assert.Throws<ArgumentOutOfRangeException>(() => transformer.Transform(bad));
                Assert.Throws<ArgumentOutOfRangeException>(() => transformer.GetRowToRowMapper(bad.Schema));
            }
    }

    [Theory, MemberData(nameof(BothWithAllLabels))]
    public void What_the_estimator_promises_the_transformer_keeps_with_every_annotation_whatever_the_labels_are(string name, string labels)
    {
        var data = Labelled(labels);
        var estimator = TinyPipeline.Estimator(_ml, name);
        var promised = estimator.GetOutputSchema(MLNetInternals.ShapeOf(data.Schema));
        var transformer = estimator.Fit(data);
        var delivered = transformer.GetOutputSchema(data.Schema);
        Assert.Equal(SchemaText.Of(promised), SchemaText.Of(MLNetInternals.ShapeOf(delivered)));
        Assert.Equal(SchemaText.Of(delivered), SchemaText.Of(transformer.Transform(data).Schema));
        Assert.True(transformer.IsRowToRowMapper);
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.Same(data.Schema, mapper.InputSchema);
        Assert.Equal(SchemaText.Of(delivered), SchemaText.Of(mapper.OutputSchema));
    }

    [Theory, MemberData(nameof(BothWithAllLabels))]
    public void A_saved_transformer_keeps_its_schema_annotations_and_values(string name, string labels)
    {
        var data = Labelled(labels);
        var transformer = TinyPipeline.Estimator(_ml, name).Fit(data);
        var loaded = Reload(transformer, data.Schema);
        Assert.Equal(SchemaText.Of(transformer.GetOutputSchema(data.Schema)), SchemaText.Of(loaded.GetOutputSchema(data.Schema)));
        Assert.Equal(SchemaText.Of(transformer.Transform(data).Schema), SchemaText.Of(loaded.Transform(data).Schema));
        var columns = Columns(name);
        Assert.Equal(SchemaText.Of(transformer.Transform(data), columns), SchemaText.Of(loaded.Transform(data), columns));
    }

    [Theory, MemberData(nameof(Both))]
    public void A_row_mapper_depends_on_what_it_reads_and_no_more(string name)
    {
        var data = TinyPipeline.Labelled(_ml);
        var mapper = TinyPipeline.Estimator(_ml, name).Fit(data).GetRowToRowMapper(data.Schema);
        string[] Needed(params string[] columns) =>
            mapper.GetDependencies(mapper.OutputSchema.Where(c => columns.Contains(c.Name))).Select(c => c.Name).ToArray();
        Assert.Empty(Needed());
        Assert.Equal(["Number"], Needed("Number"));
        foreach (var added in Columns(name))
        {
            Assert.Equal(name == "search" ? [] : ["Pixels"], Needed(added));
            Assert.Equal(name == "search" ? ["Number"] : ["Pixels", "Number"], Needed(added, "Number"));
        }
        using var other = TinyPipeline.Labelled(_ml).GetRowCursor([]);
        Assert.Throws<InvalidOperationException>(() => mapper.GetRow(other, []));
    }

    [Theory, MemberData(nameof(Both))]
    public void Fit_reads_the_data_once_and_only_images_and_labels(string name)
    {
        var data = new CountingView(TinyPipeline.Labelled(_ml));
        var estimator = TinyPipeline.Estimator(_ml, name);
        for (var fit = 1; fit <= 2; fit++)
        {
            estimator.Fit(data);
            Assert.Equal((fit, 0, 64 * fit), (data.Cursors, data.OpenCursors, data.RowsRead));
        }
        Assert.Equal(["Label", "Pixels"], data.ColumnsAsked.Keys.Order());
        Assert.All(data.ValuesRead.Values, count => Assert.Equal(2 * 64, count));
    }

    [Fact]
    public void Nothing_is_read_or_computed_before_a_value_is_asked_for()
    {
        var data = new CountingView(TinyPipeline.Labelled(_ml));
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(TinyPipeline.Labelled(_ml));
        var view = model.Transform(data);
        Assert.Equal(0, data.Cursors);
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            var score = cursor.GetGetter<VBuffer<float>>(view.Schema["Score"]);
            VBuffer<float> value = default;
            Assert.Equal(0, data.RowsRead);
            Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => score(ref value)).Message);
            cursor.MoveNext();
            // One row: later ones are read ahead, some at a time.
            Assert.Equal(1, data.RowsRead);
            score(ref value);
            Assert.All(data.ValuesRead.Values, count => Assert.InRange(count, 1, 2));
        }
        Assert.Equal(0, data.OpenCursors);
    }

    [Theory, MemberData(nameof(Both))]
    public void A_cursor_reads_the_columns_that_are_asked_for_and_those_they_need(string name)
    {
        var data = new CountingView(TinyPipeline.Labelled(_ml));
        var view = TinyPipeline.Estimator(_ml, name).Fit(TinyPipeline.Labelled(_ml)).Transform(data);
        SchemaText.Of(view, "Number");
        Assert.Equal(["Number"], data.ColumnsAsked.Keys);
        Assert.Equal((1, 64), (data.Cursors, data.RowsRead));
        data.ColumnsAsked.Clear();
        data.ValuesRead.Clear();
        SchemaText.Of(view, Columns(name));
        Assert.Equal(name == "search" ? [] : ["Pixels"], data.ColumnsAsked.Keys);
        // Once for all of the appended columns.
        Assert.All(data.ValuesRead.Values, count => Assert.Equal(64, count));
        using var cursor = view.GetRowCursor([view.Schema[Columns(name)[0]]]);
        Assert.Equal(view.Schema.Select(c => c.Name == Columns(name)[0]), view.Schema.Select(cursor.IsColumnActive));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(view.Schema["Number"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(view.Schema[Columns(name)[0]]));
    }

    [Theory, MemberData(nameof(Both))]
    public void Cursors_that_take_turns_and_sets_of_cursors_read_in_parallel_give_the_same_rows_in_order(string name)
    {
        var data = TinyPipeline.Labelled(_ml, 150);
        var view = TinyPipeline.Estimator(_ml, name).Fit(data).Transform(data);
        string[] columns = [.. Columns(name), "Number"];
        var active = view.Schema.Where(c => columns.Contains(c.Name)).ToArray();
        var expected = SchemaText.Of(view, columns);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => $"| {i}"), expected.Select(r => r[r.LastIndexOf('|')..]));

        using (var first = view.GetRowCursor(active))
        using (var second = view.GetRowCursor(active))
            Assert.All(
                SchemaText.Rows(first, columns).Zip(SchemaText.Rows(second, columns)), pair => Assert.Equal(pair.First, pair.Second));

        Parallel.For(0, 3, _ =>
        {
            var set = view.GetRowCursorSet(active, 3);
            var rows = new List<string>();
            Parallel.ForEach(set, cursor =>
            {
                using (cursor)
                {
                    var read = SchemaText.Rows(cursor, columns).ToArray();
                    lock (rows)
                        rows.AddRange(read);
                }
            });
            Assert.Equal(150, rows.Count);
            // Positions are those of each cursor; ids are the rows' own.
            Assert.Equal(expected.Select(Id).Order(), rows.Select(Id).Order());
        });

        static string Id(string row) => row[..row.IndexOf(' ')] + row[row.IndexOf(' ', row.IndexOf(' ') + 1)..];
    }

    [Fact]
    public void A_view_that_cannot_shuffle_gives_its_rows_in_order_even_when_asked_to_shuffle()
    {
        var data = _ml.Data.Cache(TinyPipeline.Labelled(_ml));
        var view = TinyPipeline.Estimator(_ml, "retrain").Fit(data).Transform(data);
        Assert.False(view.CanShuffle);
        using var cursor = view.GetRowCursor(view.Schema, new Random(1));
        Assert.Equal(SchemaText.Of(view, "Score", "Number"), SchemaText.Rows(cursor, "Score", "Number"));
    }

    private static string[] Columns(string name) => name == "search" ? ["ChannelWidths"] : ["PredictedLabel", "Score"];

    private IDataView Labelled(string labels)
    {
        if (labels == "text")
            return TinyPipeline.Labelled(_ml);
        var images = TestImages.Rows(64, seed: 1);
        if (labels == "nameless")
            return _ml.Data.LoadFromEnumerable(images.Select((r, i) => new KeyedRow
            {
                Label = (uint)(i % TestImages.Classes),
                Pixels = r.Pixels,
                Number = i,
            }).ToArray());
        var digits = images.Select((r, i) => new NumberedRow { Digit = 9 - 2 * (i % TestImages.Classes), Pixels = r.Pixels }).ToArray();
        return Change(_ml.Data.LoadFromEnumerable(digits), _ml.Transforms.Conversion.MapValueToKey("Label", "Digit"));
    }

    private ITransformer Reload(ITransformer transformer, DataViewSchema schema)
    {
        var path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(transformer, schema, path);
        var loaded = new MLContext(seed: 2).Model.Load(path, out var loadedSchema);
        Assert.Equal(SchemaText.Of(schema), SchemaText.Of(loadedSchema));
        return loaded;
    }

    private IDataView Without(IDataView data, string column) => Change(data, _ml.Transforms.DropColumns(column));

    private static IDataView Change(IDataView data, IEstimator<ITransformer> change) => change.Fit(data).Transform(data);
}
