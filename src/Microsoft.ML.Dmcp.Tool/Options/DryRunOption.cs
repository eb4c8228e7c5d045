using System.CommandLine;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The option of every command that trains.</summary>
internal static class DryRunOption
{
    public static Option<bool> Create() => new("--dry-run")
    {
        Description = "Trains nothing: says what would be trained, whether the budget can be met, and roughly how long it would take.",
    };
}
