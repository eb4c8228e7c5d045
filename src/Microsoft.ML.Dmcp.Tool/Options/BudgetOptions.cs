using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The options of a budget, all of whose limits must hold.</summary>
internal sealed class BudgetOptions
{
    private readonly Option<string?> _flops = CostLimitOption.Create("--flops", "Multiply-adds of an image");
    private readonly Option<string?> _parameters = CostLimitOption.Create("--params", "Parameters");
    private readonly Option<double?> _latency =
        NumberOption.PositiveOrNone("--latency", "Milliseconds of one image at most, with ONNX Runtime on one thread of this machine.");
    private readonly Option<string?> _table = new("--latency-table")
    {
        Description = "Latency table of 'dmcp profile' for --latency. Default: measured now, which takes some minutes.",
        HelpName = "FILE",
    };

    public void AddTo(ToolCommand command)
    {
        foreach (var option in (Option[])[_flops, _parameters, _latency, _table])
            command.Add(option);
    }

    /// <summary>The budget of a line.</summary>
    /// <param name="run">The command.</param>
    /// <param name="network">The unpruned network, for a latency table that has to be measured.</param>
    /// <param name="measured">Where such a table is kept.</param>
    /// <exception cref="ToolException">There is none.</exception>
    public Budget Read(CommandRun run, NetworkDescription network, string measured)
    {
        if (run.IsGiven(_table) && !run.IsGiven(_latency))
            throw new ToolException("--latency-table without --latency limits nothing: add --latency with the milliseconds.");
        Budget?[] limits =
        [
            run.Value(_flops) is { } flops ? CostLimitOption.Of(flops, Budget.FlopsRatio, Budget.MFlops) : null,
            run.Value(_parameters) is { } count ? CostLimitOption.Of(count, Budget.ParametersRatio, Budget.MParameters) : null,
            run.Value(_latency) is { } milliseconds ? Budget.Latency(milliseconds, Table(run, network, measured)) : null,
        ];
        return limits.OfType<Budget>().Aggregate((Budget?)null, (all, limit) => all?.And(limit) ?? limit)
            ?? throw new ToolException("There is no budget: give --flops, --params or --latency, such as --flops 0.25.");
    }

    /// <summary>What to do about a budget that cannot be met.</summary>
    public static string Remedy(BudgetOutOfReachException budget)
    {
        var (option, unit) = budget.Metric switch
        {
            BudgetMetric.Flops => ("--flops", "M"),
            BudgetMetric.Parameters => ("--params", "M"),
            _ => ("--latency", ""),
        };
        return FormattableString.Invariant($"give {option} from {budget.Least}{unit} to {budget.Largest}{unit}, or ")
            + (budget.IsTooSmall
                ? "a smaller network by --network, smaller images by --size, or a smaller --width-multiple"
                : "a larger network by --network, or larger images by --size");
    }

    private LatencyTable Table(CommandRun run, NetworkDescription network, string measured)
    {
        if (run.Value(_table) is { } path)
            return LatencyTable.Load(run.PathOf(path));
        run.OnFirst(() =>
        {
            if (File.Exists(measured))
                return;
            run.Console.Note("Measuring the layers' latencies with ONNX Runtime on one thread ...");
            LatencyTable.Measure(
                network, new LatencyOptions { Engine = LatencyEngine.OnnxRuntime, CancellationToken = run.Cancellation }).Save(measured);
        });
        return LatencyTable.Load(measured);
    }
}
