using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>A model that is disposed of while, before and after it is used.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _data;
    private readonly IReadOnlyList<VectorRow> _rows = TestImages.Rows(64, seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-lifetime").FullName;

    public LifetimeTests() => _data = TinyPipeline.Labelled(_ml);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "model.zip");

    [Fact]
    public void A_model_disposed_of_under_predicting_threads_ends_them_with_an_exception_and_not_the_process()
    {
        _ml.Model.Save(TinyPipeline.Estimator(_ml, "retrain").Fit(_data), _data.Schema, File);
        for (var round = 0; round < 40; round++)
        {
            var model = _ml.Model.Load(File, out _);
            var failures = new List<Exception>();
            var threads = Enumerable.Range(0, 6).Select(t => new Thread(() =>
            {
                try
                {
                    // Each engine owns the model: the first to end disposes of it under the others.
                    using var engine = _ml.Model.CreatePredictionEngine<VectorRow, ScoreRow>(model);
                    for (var i = 0; i < 3 + t; i++)
                        Assert.All(engine.Predict(_rows[i]).Score, s => Assert.True(float.IsFinite(s)));
                }
                catch (Exception e)
                {
                    lock (failures)
                        failures.Add(e);
                }
            })).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
            Assert.All(failures, f => Assert.Contains("OwnsTransformer", Assert.IsType<ObjectDisposedException>(f).Message));
        }
    }

    [Fact]
    public void A_model_disposed_of_under_a_cursor_ends_it_with_an_exception()
    {
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(_data);
        using var cursor = model.Transform(_data).GetRowCursor(model.Transform(_data).Schema);
        var score = cursor.GetGetter<VBuffer<float>>(model.Transform(_data).Schema["Score"]);
        VBuffer<float> value = default;
        cursor.MoveNext();
        score(ref value);
        ((IDisposable)model).Dispose();
        cursor.MoveNext();
        Assert.Throws<ObjectDisposedException>(() => score(ref value));
    }

    [Fact]
    public void A_disposed_model_is_not_saved_as_an_empty_one()
    {
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(_data);
        using (_ml.Model.CreatePredictionEngine<VectorRow, ScoreRow>(model))
        {
        }
        using var stream = new MemoryStream();
        Assert.Contains("disposed", Assert.ThrowsAny<InvalidOperationException>(() => _ml.Model.Save(model, _data.Schema, stream)).Message);
    }

    [Fact]
    public void Disposing_of_a_model_twice_or_by_several_threads_frees_it_once()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var model = (PrunedNetworkTransformer)TinyPipeline.Estimator(_ml, "retrain").Fit(_data);
        Parallel.For(0, 8, _ => model.Dispose());
        model.Dispose();
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        Assert.Throws<ObjectDisposedException>(
            () => _ml.Model.CreatePredictionEngine<VectorRow, ScoreRow>(model, options).Predict(_rows[0]));
        Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount >= before);
    }
}
