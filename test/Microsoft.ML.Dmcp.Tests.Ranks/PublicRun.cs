using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>
/// A search or a training as users run it. Arguments are <c>name=value</c>, with <c>@rank</c> behind the value for one rank alone.
/// </summary>
internal sealed class PublicRun
{
    private readonly ICommunicator? _ranks;
    private readonly Dictionary<string, string> _arguments = [];

    public PublicRun(ICommunicator? ranks, string[] arguments)
    {
        _ranks = ranks;
        foreach (var argument in arguments)
        {
            var (name, value) = argument.Split('=', 2) is [var n, var v] ? (n, v) : (argument, "");
            if (value.Split('@') is [var alone, var rank])
            {
                if (rank != (ranks?.Rank ?? 0).ToString(CultureInfo.InvariantCulture))
                    continue;
                value = alone;
            }
            _arguments[name] = value;
        }
    }

    public void Fit()
    {
        var ml = new MLContext(int.Parse(Argument("seed", "1"), CultureInfo.InvariantCulture));
        if (_ranks is null or { Rank: 0 } && !_arguments.ContainsKey("quiet"))
            ml.Log += (_, e) => Log(e);
        var rows = ml.Data.LoadFromEnumerable(TestImages.Rows(Number("images", 96), Number("dataSeed", 1)));
        var label = ml.Transforms.Conversion.MapValueToKey("Label", nameof(VectorRow.Name));
        if (Argument("step", "search") == "search")
        {
            var found = label.Append(ml.Transforms.DmcpSearch(Common(new DmcpSearchOptions
            {
                Network = TestImages.Network,
                Budget = Budget.FlopsRatio(0.5),
            }))).Fit(rows).LastTransformer;
            if (_ranks is null or { Rank: 0 })
                Console.WriteLine($"found {found.ChannelConfig.ToJson().ReplaceLineEndings("")}");
            return;
        }
        var model = label.Append(ml.MulticlassClassification.Trainers.PrunedRetrain(Common(new PrunedRetrainOptions
        {
            Network = TestImages.Network,
            ChannelConfig = UniformScaling.Find(
                TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(0.5)),
            ValidationSetFraction = 0.25,
        }))).Fit(rows);
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(rows));
        if (_ranks is null or { Rank: 0 })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"trained {metrics.LogLoss:R}"));
    }

    private static void Log(LoggingEventArgs e)
    {
        if (e.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning)
            Console.WriteLine(e.RawMessage);
    }

    private T Common<T>(T options) where T : TrainingOptions
    {
        options.FeatureColumnName = nameof(VectorRow.Pixels);
        options.VectorLayout = PixelLayout.Interleaved;
        options.BatchSize = Number("batch", 16);
        options.NumberOfEpochs = Number("epochs", 4);
        options.LearningRate = new(0.02);
        options.CheckpointPath = Argument("checkpoint", "") is { Length: > 0 } path ? path : null;
        options.CheckpointInterval = TimeSpan.Zero;
        options.SynchronizedBatchNorm = Argument("norms", "all") == "all";
        options.Communicator = _ranks;
        if (_ranks is MpiCommunicator mpi && Number("timeout", 0) is > 0 and var seconds)
            mpi.Timeout = TimeSpan.FromSeconds(seconds);
        if (_ranks is not null && Number("at", 0) is > 0 and var sums)
            options.Communicator = new FaultyCommunicator(_ranks, sums, Happen);
        return options;
    }

    private void Happen()
    {
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        switch (Argument("happens", ""))
        {
            case "kill":
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(-1);
                break;
            case "throw":
                throw new InvalidDataException("This rank's disk is full of moths.");
            case "stop":
                var seconds = Argument("seconds", "2");
                using (Process.Start("/bin/sh", ["-c", $"kill -STOP {own}; sleep {seconds}; kill -CONT {own}"]))
                    Thread.Sleep(100);
                break;
        }
    }

    private int Number(string name, int otherwise) =>
        _arguments.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private string Argument(string name, string otherwise) => _arguments.GetValueOrDefault(name, otherwise);
}
