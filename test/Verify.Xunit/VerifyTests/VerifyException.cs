namespace VerifyTests;

/// <summary>Thrown when what was received is not what was verified. It has no stack trace: only the files matter.</summary>
internal sealed class VerifyException(string message) : Exception(message)
{
    public override string StackTrace => "";
}
