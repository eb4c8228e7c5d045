using System.Text.Json;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>What a line of the tool ended with.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON: it must have nothing else.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The line of the error.</summary>
    public string Failure => Error.Split('\n').Single(line => line.StartsWith("error: ", StringComparison.Ordinal));

    /// <summary>The result of a line that must succeed.</summary>
    public ToolResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"{ExitCode}: {Error}{Output}");
        return this;
    }
}
