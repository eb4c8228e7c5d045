using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>Checks and the exceptions they throw, each with and without a context that marks them.</summary>
internal static partial class Contracts
{
    public const string IsMarkedKey = "ML_IsMarked";
    public const string SensitivityKey = "ML_Sensitivity";

    public static TException Process<TException>(this TException ex, IExceptionContext ectx = null)
        where TException : Exception
        => ectx is null ? Mark(ex) : ectx.Process(ex);

    public static TException Mark<TException>(TException ex)
        where TException : Exception
    {
        ex.Data[IsMarkedKey] = 1;
        return ex;
    }

    public static bool IsMarked(this Exception ex) => ex.Data.Contains(IsMarkedKey);

    public static TException MarkSensitive<TException>(this TException ex, MessageSensitivity sensitivity)
        where TException : Exception
    {
        ex.Data[SensitivityKey] = (ex.Data[SensitivityKey] as MessageSensitivity? ?? MessageSensitivity.None) | sensitivity;
        return ex;
    }

    public static MessageSensitivity Sensitivity(this Exception ex)
        => ex.Data[SensitivityKey] as MessageSensitivity? ?? MessageSensitivity.Unknown;

    /// <summary>Throws <see cref="OperationCanceledException"/> once the environment has been cancelled.</summary>
    public static void CheckAlive(this IHostEnvironment env)
    {
        if (env is ICancelable { IsCanceled: true })
        {
            throw Process(new OperationCanceledException("Operation was canceled."), env);
        }
    }

    private static string Format(string msg, object[] args) => string.Format(CultureInfo.InvariantCulture, msg, args);
}
