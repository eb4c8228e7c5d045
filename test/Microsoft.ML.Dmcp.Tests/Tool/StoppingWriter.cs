namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>Presses Ctrl-C as soon as a line has certain words.</summary>
/// <param name="words">The words.</param>
/// <param name="stop">What Ctrl-C cancels.</param>
internal sealed class StoppingWriter(string words, CancellationTokenSource stop) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(words, StringComparison.Ordinal) == true)
            stop.Cancel();
    }
}
