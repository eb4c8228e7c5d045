using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Pruning;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The options of every command that searches widths.</summary>
internal sealed class SearchOptionSet
{
    private readonly Option<string> _method = new("--method")
    {
        Description = $"How widths are found: {string.Join(", ", SearchChoice.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => SearchChoice.Names[0],
    };
    private readonly Option<int?> _epochs = NumberOption.WholeOrNone(
        "--search-epochs", "Epochs of the search. Default 6 with given weights, 20 with random ones.", least: 1);
    private readonly Option<int> _multiple = NumberOption.Whole(
        "--width-multiple", "What all widths are multiples of: 8 or 16 are fast in other runtimes.", 1, least: 1, most: 256);

    public SearchOptionSet() => _method.AcceptOnlyFromAmong([.. SearchChoice.Names]);

    public void AddTo(ToolCommand command)
    {
        foreach (var option in (Option[])[_method, _epochs, _multiple])
            command.Add(option);
    }

    /// <summary>What a line says of the search.</summary>
    /// <param name="run">The command.</param>
    /// <param name="hasWeights">Whether it begins with given weights.</param>
    public SearchSettings Read(CommandRun run, bool hasWeights) =>
        new(run.Required(_method), run.Value(_epochs) ?? (hasWeights ? 6 : 20), run.Required(_multiple));
}
