using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>Scores belong to their rows whatever the input is: it is read by one cursor, once.</summary>
public sealed class RowOrderTests
{
    private const int Rows = 200;

    private readonly MLContext _ml = new(seed: 1);
    private readonly IReadOnlyList<VectorRow> _rows = TestImages.Rows(Rows, seed: 1);
    private readonly ITransformer _model;
    private readonly float[][] _right;

    public RowOrderTests()
    {
        _model = TinyPipeline.Estimator(_ml, "retrain").Fit(TinyPipeline.Labelled(_ml));
        var engine = _ml.Model.CreatePredictionEngine<VectorRow, NumberedScoreRow>(_model);
        _right = _rows.Select(r => engine.Predict(r).Score).ToArray();
    }

    [Fact]
    public void Scores_belong_to_their_rows_where_a_second_cursor_would_get_another_order()
    {
        var random = new RandomSource(3);
        Check(Shuffled());

        IEnumerable<VectorRow> Shuffled()
        {
            foreach (var i in random.Permutation(Rows))
                yield return _rows[i];
        }
    }

    [Fact]
    public void Scores_belong_to_their_rows_where_rows_can_be_read_only_once()
    {
        var queue = new Queue<VectorRow>(_rows);
        Check(Once());

        IEnumerable<VectorRow> Once()
        {
            while (queue.TryDequeue(out var row))
                yield return row;
        }
    }

    [Fact]
    public void Every_kind_of_passed_value_stays_with_its_row()
    {
        var rows = Enumerable.Range(0, 40).Select(PassedRow.Of).ToArray();
        var scored = _model.Transform(_ml.Data.LoadFromEnumerable(rows));
        var columns = scored.Schema.Where(c => !c.IsHidden).ToArray();
        using var cursor = scored.GetRowCursor(columns);
        var number = cursor.GetGetter<int>(scored.Schema["Number"]);
        var text = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]);
        var time = cursor.GetGetter<DateTime>(scored.Schema["Time"]);
        var vector = cursor.GetGetter<VBuffer<double>>(scored.Schema["Numbers"]);
        var image = cursor.GetGetter<MLImage>(scored.Schema["Image"]);
        var id = cursor.GetIdGetter();
        int n = 0;
        ReadOnlyMemory<char> t = default;
        DateTime moment = default;
        VBuffer<double> v = default;
        MLImage picture = null!;
        DataViewRowId key = default;
        for (var row = 0; row < 40; row++)
        {
            Assert.True(cursor.MoveNext());
            // Twice: a getter may be called again.
            for (var twice = 0; twice < 2; twice++)
            {
                number(ref n);
                text(ref t);
                time(ref moment);
                vector(ref v);
                image(ref picture);
                id(ref key);
                Assert.Equal((row, $"row {row}", new DateTime(2026, 1, 1).AddDays(row)), (n, t.ToString(), moment));
                Assert.Equal([row, row + 0.5], v.DenseValues());
                Assert.Equal((4, (byte)row), (picture.Width, picture.Pixels[0]));
                Assert.Equal((long)row, cursor.Position);
                Assert.Equal(new DataViewRowId((ulong)row, 0), key);
            }
        }
        Assert.False(cursor.MoveNext());
        // The caller's own images were not touched.
        Assert.All(rows, r => Assert.Equal(4, r.Image.Width));
    }

    [Fact]
    public void Rows_before_a_failing_one_are_given_before_the_failure()
    {
        var view = _model.Transform(_ml.Data.LoadFromEnumerable(Failing()));
        var read = 0;
        Assert.ThrowsAny<Exception>(() =>
        {
            foreach (var _ in _ml.Data.CreateEnumerable<NumberedScoreRow>(view, false))
                read++;
        });
        Assert.Equal(50, read);

        IEnumerable<VectorRow> Failing()
        {
            foreach (var row in _rows.Take(50))
                yield return row;
            throw new InvalidDataException("the source broke");
        }
    }

    private void Check(IEnumerable<VectorRow> rows)
    {
        var found = _ml.Data.CreateEnumerable<NumberedScoreRow>(_model.Transform(_ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)
            .ToArray();
        Assert.Equal(Enumerable.Range(0, Rows), found.Select(f => (int)f.Number).Order());
        Assert.All(found, f => Assert.All(f.Score.Zip(_right[(int)f.Number]), s => Assert.Equal(s.Second, s.First, 1e-4f)));
    }

    private sealed class NumberedScoreRow
    {
        public float Number { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class PassedRow
    {
        public int Number { get; set; }

        public string Name { get; set; } = "";

        public DateTime Time { get; set; }

        [VectorType(2)]
        public double[] Numbers { get; set; } = [];

        [ImageType(4, 4)]
        public MLImage Image { get; set; } = null!;

        [VectorType(TestImages.Size * TestImages.Size * 3)]
        public float[] Pixels { get; set; } = [];

        public static PassedRow Of(int i) => new()
        {
            Number = i,
            Name = $"row {i}",
            Time = new DateTime(2026, 1, 1).AddDays(i),
            Numbers = [i, i + 0.5],
            Image = MLImage.CreateFromPixels(4, 4, MLPixelFormat.Bgra32, Enumerable.Repeat((byte)i, 64).ToArray()),
            Pixels = new float[TestImages.Size * TestImages.Size * 3],
        };
    }
}
