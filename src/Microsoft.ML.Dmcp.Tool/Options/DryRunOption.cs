using System.CommandLine;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The option of every command that trains.</summary>
internal static class DryRunOption
{
    public const string Name = "--dry-run";

    public static Option<bool> Create() => new(Name)
    {
        Description = "Trains nothing: says what would be trained, whether the budget can be met, and roughly how long it would take.",
    };
}
