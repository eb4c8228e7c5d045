using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary>All commands, in the order in which help lists them.</summary>
internal static class ToolCommands
{
    public static IReadOnlyList<ToolCommand> All() =>
    [
        new TrainCommand(),
        new EvalCommand(),
        new SampleCommand(),
        new CalcFlopsCommand(),
        new CalcParamsCommand(),
        new PruneCommand(),
        new RetrainCommand(),
        new SweepCommand(),
        new PredictCommand(),
        new ExportCommand(),
        new SummaryCommand(),
        new ProfileCommand(),
        new CompareCommand(),
        new ConvertCommand(),
        new InitCommand(),
        new CompletionCommand(),
    ];
}
