using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp calc-params</c>: mode calc_params of the release.</summary>
internal sealed class CalcParamsCommand() : ReleaseCommand(
    "calc-params", "Counts the parameters of a network of the release: unpruned, or at the widths of --chcfg.",
    needsData: false, needsFlops: false)
{
    private const double Million = 1e6;

    public override IReadOnlyList<Example> Examples { get; } = [new("dmcp calc-params --config config/mbv2/dmcp.yaml", "MobileNetV2 1.5x")];

    public override void Run(CommandRun run)
    {
        var config = Read(run, countsOnly: true);
        var network = config.Describe();
        var parameters = config.Search is null ? WidthsOf(run, config).Parameters
            : NetworkCost.Parameters(network).Count(network.FullWidths);
        run.Console.Answer(
            new { network = config.Network.Type, parameters, mParameters = parameters / Million },
            string.Create(CultureInfo.InvariantCulture, $"params: {parameters / Million:0.00}"));
    }
}
