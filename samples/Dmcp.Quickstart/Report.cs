using System.Globalization;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;
using Spectre.Console;

namespace Dmcp.Quickstart;

/// <summary>What is shown at the end.</summary>
internal sealed class Report(IAnsiConsole console, Settings settings)
{
    /// <summary>Channels of every group before and after.</summary>
    public void Groups(ChannelConfig config)
    {
        var table = new Table().Title("Channel groups").AddColumns("group", "layers");
        foreach (var name in (string[])["before", "after", "kept"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var group in config.Groups)
        {
            var layers = Text($"{group.Layers.Count}");
            var before = Text($"{group.Channels}");
            var after = Text($"{group.Width}");
            table.AddRow(group.Name, layers, before, after, Percent(group.Width, group.Channels));
        }
        console.Write(table);
    }

    /// <summary>Whether the budget is met.</summary>
    public void Budget(ChannelConfig config)
    {
        var allowed = settings.FlopsShare * config.UnprunedFlops;
        var share = 100 * settings.FlopsShare;
        var result = config.Flops <= allowed ? "met" : "missed";
        Line($"budget {result}: {config.Flops / 1e6:0.00} of {allowed / 1e6:0.00} MFLOPs ({share:0.#} % of the unpruned)");
    }

    /// <summary>The networks side by side, and how far the numbers carry.</summary>
    public void Comparison(IReadOnlyList<ComparedNetwork> networks, IReadOnlyList<PredictionSpeed> speeds, int heldOut)
    {
        var table = new Table().Title("Before and after").AddColumn("");
        foreach (var network in networks)
            table.AddColumn(new TableColumn(network.Name).RightAligned());
        void Row(string name, Func<int, string> cell) => table.AddRow([name, .. Enumerable.Range(0, networks.Count).Select(cell)]);
        Row("MFLOPs (multiply-adds)", i => Text($"{networks[i].Config.Flops / 1e6:0.00}"));
        Row("  of the unpruned", i => Percent(networks[i].Config.Flops, networks[i].Config.UnprunedFlops));
        Row("parameters", i => Text($"{networks[i].Config.Parameters:N0}"));
        Row("saved model, kB", i => Text($"{new FileInfo(networks[i].File).Length / 1e3:N0}"));
        Row("ms an image, one at a time", i => Text($"{speeds[i].Single:0.00}"));
        Row("ms an image, batches of 64", i => Text($"{speeds[i].Batched:0.00}"));
        Row($"accuracy on {heldOut} images", i => Accuracy(networks[i].Accuracies));
        if (settings.Seeds == 1)
            Row("  its 95 % interval", i => Within(Interval.Wilson(networks[i].Accuracies.Mean, heldOut)));
        else
            Row("  trainings", i => string.Join(' ', networks[i].Accuracies.Values.Select(a => Text($"{100 * a:0.0}"))));
        console.Write(table);
        var (rounds, processors) = (PredictionSpeed.UsualRounds, Environment.ProcessorCount);
        Line($"Time: median of {rounds} measurements in turns, {processors} processors, resized images in memory.");
        Line($"It need not fall like FLOPs: small layers have costs of their own, and processors compute 8 or 16 channels at once.");
        if (settings.IsPretrained)
            Line($"The uniform network is trained for the {settings.SearchEpochs} epochs of the search longer.");
        if (settings.Seeds == 1)
        {
            Line($"Accuracy: the interval comes from the number of held-out images alone. One seed says little about which network is");
            Line($"better: another can turn the order. --seeds 3 shows that spread.");
        }
        else
        {
            Line($"Accuracy: mean ± standard deviation over {settings.Seeds} seeds, each with a search of its own.");
        }
    }

    /// <summary>What to run after this.</summary>
    public void Next()
    {
        Line($"try next:");
        Line($"  eng/demo.sh --flops 25%                      another budget");
        Line($"  eng/demo.sh --data DIR --image-size 96       your images: DIR/class/*.jpg|png");
        Line($"  eng/demo.sh --network cifar-resnet20 --image-size 32 --flops 50%      from fresh weights, which takes longer");
    }

    private static string Accuracy(Sample accuracies) => accuracies.Values.Count == 1
        ? Text($"{100 * accuracies.Mean:0.0} %")
        : Text($"{100 * accuracies.Mean:0.0} ± {100 * accuracies.Deviation:0.0} %");

    private static string Within(Interval interval) => Text($"{100 * interval.Low:0.0} to {100 * interval.High:0.0} %");

    private static string Percent(long part, long whole) => Text($"{100.0 * part / whole:0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Not the console: it would break lines at its width, and read marks in them.
    private void Line(FormattableString text) => console.Profile.Out.Writer.WriteLine(Text(text));
}
