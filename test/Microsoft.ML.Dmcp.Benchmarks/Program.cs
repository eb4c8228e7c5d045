using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Dmcp.Benchmarks;
using Microsoft.ML.Dmcp.Estimators;

Workload[] all = [.. TrainingWorkloads.All, .. PredictionWorkloads.All, .. DataWorkloads.All, .. ModelFileWorkloads.All];
var json = new JsonSerializerOptions { WriteIndented = true };

var names = new Argument<string[]>("workloads") { Description = "Beginnings of names of workloads; all when none is given.", Arity = ArgumentArity.ZeroOrMore };
var iterations = new Option<int>("--iterations") { Description = "Least number of iterations.", DefaultValueFactory = _ => 10 };
var seconds = new Option<double>("--seconds") { Description = "Least time of each workload.", DefaultValueFactory = _ => 3 };
var threads = new Option<int>("--threads") { Description = "Threads of libtorch.", DefaultValueFactory = _ => Environment.ProcessorCount };
var output = new Option<FileInfo?>("--json") { Description = "File for the measurements as JSON." };

var list = new Command("list", "Names all workloads.");
list.SetAction(_ =>
{
    foreach (var workload in all)
        Console.WriteLine($"{workload.Name,-24}{workload.Description}");
});

var one = new Command("one", "Measures one workload in this process and writes the measurement as JSON.") { names, iterations, seconds, threads };
one.SetAction(parsed =>
{
    TorchRuntime.Prepare(parsed.GetValue(threads));
    Console.WriteLine(JsonSerializer.Serialize(Bench.Measure(Find(parsed.GetValue(names)!.Single()), parsed.GetValue(iterations), parsed.GetValue(seconds)), json));
});

var run = new Command("run", "Measures workloads, each in a process of its own, and writes a table.") { names, iterations, seconds, threads, output };
run.SetAction(parsed =>
{
    var chosen = all.Where(w => parsed.GetValue(names) is not { Length: > 0 } wanted || wanted.Any(n => w.Name.StartsWith(n, StringComparison.Ordinal))).ToArray();
    var measured = new List<Measurement>();
    Console.WriteLine(Table.Head);
    foreach (var workload in chosen)
    {
        measured.Add(Measured(workload.Name, parsed.GetValue(iterations), parsed.GetValue(seconds), parsed.GetValue(threads)));
        Console.WriteLine(Table.Row(measured[^1]));
    }
    if (parsed.GetValue(output) is { } file)
        File.WriteAllText(file.FullName, JsonSerializer.Serialize(measured, json));
});

var rounds = new Option<int>("--rounds") { Description = "How often the two take turns.", DefaultValueFactory = _ => 5 };
var command = new Option<string>("--command") { Description = "The other command, run by 'sh -c'; its last line must be its milliseconds an iteration.", Required = true };
var versus = new Command("versus", "Takes turns between a workload and any other command, and writes the ratio of every pair.") { names, iterations, seconds, threads, rounds, command };
versus.SetAction(parsed =>
{
    var ratios = new List<double>();
    for (var round = 1; round <= parsed.GetValue(rounds); round++)
    {
        var ours = Measured(parsed.GetValue(names)!.Single(), parsed.GetValue(iterations), parsed.GetValue(seconds), parsed.GetValue(threads));
        var theirs = double.Parse(ChildProcess.Run("sh", ["-c", parsed.GetValue(command)!]).Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
        ratios.Add(theirs / ours.MedianMilliseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round}: ours {ours.MedianMilliseconds:0.0} ms ({ours.PeakMegabytes:0} MB), theirs {theirs:0.0} ms, {ratios[^1]:0.00} times as fast"));
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {ratios.Order().ElementAt(ratios.Count / 2):0.00}, from {ratios.Min():0.00} to {ratios.Max():0.00}"));
});

var write = new Command("write-model", "Writes the model that model-load loads.") { Hidden = true };
write.SetAction(_ => ModelFileWorkloads.Write());

return await new RootCommand("Measures the speed of Microsoft.ML.Dmcp.") { list, one, run, versus, write }.Parse(args).InvokeAsync();

Workload Find(string name) => all.FirstOrDefault(w => w.Name == name)
    ?? throw new ArgumentException($"There is no workload '{name}'; 'list' names them.");

static Measurement Measured(string name, int iterations, double seconds, int threads) => JsonSerializer.Deserialize<Measurement>(ChildProcess.Run(
    ["one", name, "--iterations", iterations.ToString(CultureInfo.InvariantCulture), "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--threads", threads.ToString(CultureInfo.InvariantCulture)]))!;
