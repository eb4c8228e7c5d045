using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Dmcp.Benchmarks;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Runs.Native;

var json = new JsonSerializerOptions { WriteIndented = true };

var names = new Argument<string[]>("workloads")
{
    Description = "Names of workloads ('list'; search:, train: and matmul: take parameters) or beginnings of them; all when none is given.",
    Arity = ArgumentArity.ZeroOrMore,
};
var name = new Argument<string>("workload") { Description = "Name of a workload ('list'; search:, train: and matmul: take parameters)." };
var iterations = new Option<int>("--iterations") { Description = "Least number of iterations.", DefaultValueFactory = _ => 10 };
var seconds = new Option<double>("--seconds") { Description = "Least time of each workload.", DefaultValueFactory = _ => 3 };
var threads = new Option<int>("--threads") { Description = "Threads of libtorch.", DefaultValueFactory = _ => Environment.ProcessorCount };
var output = new Option<FileInfo?>("--json") { Description = "File for the measurements as JSON." };

var list = new Command("list", """
    Names the workloads. Others of the same kinds are named alike: search:cifar-resnet56@0.5:size=32:batch=64:classes=100,
    matmul:size=8192:precision=bfloat16.
    """);
list.SetAction(_ =>
{
    foreach (var workload in Workloads.Listed)
        Console.WriteLine($"{workload.Name,-32}{workload.Description}");
});

var one = new Command(
    "one", "Measures one workload in this process and writes the measurement as JSON.") { name, iterations, seconds, threads };
one.SetAction(parsed =>
{
    _ = TorchRuntime.Prepare(parsed.GetValue(threads));
    Console.WriteLine(Json(Bench.Measure(Workloads.Find(parsed.GetValue(name)!), parsed.GetValue(iterations), parsed.GetValue(seconds))));
});

var run = new Command(
    "run", "Measures workloads, each in a process of its own, and writes a table.") { names, iterations, seconds, threads, output };
run.SetAction(parsed =>
{
    var measured = new List<Measurement>();
    Console.WriteLine(Table.MeasurementHead);
    foreach (var workload in Workloads.Choose(parsed.GetValue(names) ?? []))
    {
        measured.Add(Measured(workload.Name, parsed).Against(measured));
        Console.WriteLine(Table.Row(measured[^1]));
        Save(measured, parsed);
    }
});

var rounds = new Option<int>("--rounds") { Description = "How often the two take turns.", DefaultValueFactory = _ => 5 };
var command = new Option<string>("--command")
{
    Description = "The other command, run by 'sh -c'; its last line must be its milliseconds an iteration.",
    Required = true,
};
var versus = new Command("versus", "Takes turns between a workload and any other command, and writes the ratio of every pair.")
{
    name, iterations, seconds, threads, rounds, command, output,
};
versus.SetAction(parsed =>
{
    var turns = new List<Comparison>();
    for (var round = 1; round <= parsed.GetValue(rounds); round++)
    {
        var ours = Measured(parsed.GetValue(name)!, parsed);
        var theirs = ChildProcess.Run("sh", ["-c", parsed.GetValue(command)!]).Trim().Split('\n')[^1];
        turns.Add(new Comparison(ours, double.Parse(theirs, CultureInfo.InvariantCulture)));
        var memory = ours.PeakMegabytes is { } peak ? FormattableString.Invariant($" ({peak:0} MB)") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round}: ours {ours.MedianMilliseconds:0.0} ms{memory}, "
            + $"theirs {turns[^1].TheirMilliseconds:0.0} ms, {turns[^1].Ratio:0.00} times as fast"));
    }
    var ratios = turns.Select(t => t.Ratio).Order().ToArray();
    var median = Bench.Quantile(ratios, 0.5);
    Console.WriteLine(FormattableString.Invariant($"median {median:0.00}, from {ratios[0]:0.00} to {ratios[^1]:0.00}"));
    Save(turns, parsed);
});

var growth = new Command("growth", """
    Measures how a search's time and memory grow with the network's width and depth, the batch and the classes (CIFAR ResNet, 32x32), each
    in a process of its own.
    """) { iterations, seconds, threads, output };
growth.SetAction(parsed =>
{
    var points = new List<GrowthPoint>();
    Console.WriteLine(GrowthPoint.Head);
    foreach (var point in Growth.Measure(n => Measured(n, parsed)))
    {
        points.Add(point);
        Console.WriteLine(point.ToRow());
    }
    Save(points, parsed);
});

var small = new Argument<string>("workload")
{
    Description = "Name of a workload.",
    DefaultValueFactory = _ => "search:cifar-resnet20:batch=32",
};
var many = new Option<int>("--iterations") { Description = "Number of iterations.", DefaultValueFactory = _ => 2000 };
var endurance = new Command("endurance", """
    Runs a small search for long and samples its memory. Expected: the resident memory grows while oneDNN keeps the kernels of ever new
    random sub-networks, the less the more it has seen (at most 8,192 kernels, NativeRuntime.cs), and glibc's heap finds its size; the
    managed memory stays as it is, a few MB. A leak of tensors would grow by the same amount from row to row until the end.
    """) { small, many, threads, output };
endurance.SetAction(parsed =>
{
    _ = TorchRuntime.Prepare(parsed.GetValue(threads));
    var samples = new List<EnduranceSample>();
    Console.WriteLine(EnduranceSample.Head);
    foreach (var sample in Endurance.Run(Workloads.Find(parsed.GetValue(small)!), parsed.GetValue(many)))
    {
        samples.Add(sample);
        Console.WriteLine(sample.ToRow());
    }
    var settled = samples.First(s => s.Iteration >= Endurance.Settled * parsed.GetValue(many));
    var resident = samples[^1].ResidentMegabytes - settled.ResidentMegabytes;
    var managed = samples[^1].ManagedMegabytes - settled.ManagedMegabytes;
    Console.WriteLine(
        FormattableString.Invariant($"growth from {Endurance.Settled:0 %} on: resident {resident:0.0} MB, managed {managed:0.0} MB"));
    Save(samples, parsed);
});

var local = new Option<bool>("--local-norms") { Description = "Batch norms compute with the statistics of each rank's share." };
var bare = new Option<bool>("--sums") { Description = "Measures sums of some sizes alone." };
var ranks = new Command("ranks", "Measures iterations that several ranks share, or one process: eng/scaling.sh starts it by mpirun.")
{
    name, iterations, threads, local, bare,
};
ranks.SetAction(parsed =>
{
    _ = TorchRuntime.Prepare(parsed.GetValue(threads));
    using var communicator = Microsoft.ML.Dmcp.MpiCommunicator.StartIfLaunched();
    var rows = parsed.GetValue(bare) && communicator is not null ? RankScaling.Sums(communicator).ToArray()
        : [RankScaling.Measure(parsed.GetValue(name)!, !parsed.GetValue(local), parsed.GetValue(iterations), communicator)];
    if (communicator is null or { Rank: 0 })
        Console.WriteLine(string.Join('\n', rows));
});

var write = new Command("write-model", "Writes the model that model-load loads.") { Hidden = true };
write.SetAction(_ => ModelFileWorkloads.Write());

return await new RootCommand("Measures the speed of Microsoft.ML.Dmcp.") { list, one, run, versus, growth, endurance, ranks, write }
    .Parse(args)
    .InvokeAsync();

Measurement Measured(string workload, ParseResult parsed) => JsonSerializer.Deserialize<Measurement>(ChildProcess.Run(
[
    "one", workload,
    "--iterations", parsed.GetValue(iterations).ToString(CultureInfo.InvariantCulture),
    "--seconds", parsed.GetValue(seconds).ToString(CultureInfo.InvariantCulture),
    "--threads", parsed.GetValue(threads).ToString(CultureInfo.InvariantCulture),
]))!;

void Save<T>(T result, ParseResult parsed)
{
    if (parsed.GetValue(output) is { } file)
        File.WriteAllText(file.FullName, Json(result));
}

string Json<T>(T value) => JsonSerializer.Serialize(value, json);
