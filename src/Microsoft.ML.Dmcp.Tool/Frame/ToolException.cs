namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>Ends a command with one line and an exit code.</summary>
/// <param name="message">What is wrong, with the value and the fix.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
internal sealed class ToolException(string message, int exitCode = ExitCode.WrongInput) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
