using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>A search on the tiny images, without ML.NET.</summary>
internal sealed class SearchRun : IDisposable
{
    public SearchRun(
        int epochs, int images, int batchSize = 32, Action<TrainingProgress>? report = null, int dataSeed = 1,
        Action<DmcpSearchOptions>? change = null, Action<string>? warning = null, Action<string>? info = null)
    {
        var options = new DmcpSearchOptions
        {
            Network = TestImages.Network,
            Budget = Budget.FlopsRatio(0.5),
            NumberOfEpochs = epochs,
            BatchSize = batchSize,
            MetricsCallback = report,
            EvaluationShare = 0,
        };
        change?.Invoke(options);
        options.Check();
        var set = TestImages.Set(images, dataSeed);
        Batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var network = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var log = new RunLog(info ?? (_ => { }), warning ?? (_ => { })) { Token = options.CancellationToken };
        var task = new SearchTask(network, new ImageBatches(set, Batches, options.BatchSize), 1, log);
        Search = new DmcpSearch(task, options);
    }

    public BatchSource Batches { get; }

    public DmcpSearch Search { get; }

    public void Dispose()
    {
        Search.Dispose();
        Batches.Dispose();
    }
}
