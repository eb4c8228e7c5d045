namespace Microsoft.ML.Runtime;

/// <summary>Something exceptions pass through on their way out, to be marked with where they came from.</summary>
public interface IExceptionContext
{
    TException Process<TException>(TException ex)
        where TException : Exception;

    string ContextDescription { get; }
}
