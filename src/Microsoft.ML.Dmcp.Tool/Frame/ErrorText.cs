namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>Errors as one line for people.</summary>
internal static class ErrorText
{
    /// <summary>The message without line breaks, and without what .NET adds for programmers.</summary>
    public static string Of(Exception exception)
    {
        var text = exception.Message;
        // "... (Parameter 'name')" and, on a line of its own, "Actual value was ...".
        if (exception is ArgumentException { ParamName: { } name })
            text = text.Split($" (Parameter '{name}')")[0];
        return string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
