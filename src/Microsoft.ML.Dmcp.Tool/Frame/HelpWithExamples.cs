using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>The help of System.CommandLine, and below it the examples of the command and the exit codes.</summary>
/// <param name="usual">The help of System.CommandLine.</param>
/// <param name="overview">The examples of the tool as a whole.</param>
internal sealed class HelpWithExamples(HelpAction usual, IReadOnlyList<Example> overview) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in (parseResult.CommandResult.Command as ToolCommand)?.Examples ?? overview)
        {
            output.WriteLine($"  # {example.Remark}");
            output.WriteLine($"  {example.Line}");
        }
        output.WriteLine();
        output.WriteLine($"Exit codes: {ExitCode.Help}");
        return ExitCode.Done;
    }
}
