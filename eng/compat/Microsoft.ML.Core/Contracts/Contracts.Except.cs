namespace Microsoft.ML.Runtime;

internal static partial class Contracts
{
    public static Exception Except() => Process(new InvalidOperationException());

    public static Exception Except(this IExceptionContext ctx) => Process(new InvalidOperationException(), ctx);

    public static Exception Except(string msg) => Process(new InvalidOperationException(msg));

    public static Exception Except(this IExceptionContext ctx, string msg) => Process(new InvalidOperationException(msg), ctx);

    public static Exception Except(string msg, params object[] args) => Except(Format(msg, args));

    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args) => Except(ctx, Format(msg, args));

    public static Exception Except(Exception inner, string msg) => Process(new InvalidOperationException(msg, inner));

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg)
        => Process(new InvalidOperationException(msg, inner), ctx);

    public static Exception ExceptUserArg(string name) => ExceptParam(name);

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name) => ExceptParam(ctx, name);

    public static Exception ExceptUserArg(string name, string msg) => ExceptParam(name, msg);

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg) => ExceptParam(ctx, name, msg);

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg, params object[] args)
        => ExceptParam(ctx, name, msg, args);

    public static Exception ExceptParam(string paramName) => Process(new ArgumentOutOfRangeException(paramName));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName)
        => Process(new ArgumentOutOfRangeException(paramName), ctx);

    public static Exception ExceptParam(string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg)
        => Process(new ArgumentOutOfRangeException(paramName, msg), ctx);

    public static Exception ExceptParam(string paramName, string msg, params object[] args) => ExceptParam(paramName, Format(msg, args));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg, params object[] args)
        => ExceptParam(ctx, paramName, Format(msg, args));

    public static Exception ExceptValue(string paramName) => Process(new ArgumentNullException(paramName));

    public static Exception ExceptValue(this IExceptionContext ctx, string paramName) => Process(new ArgumentNullException(paramName), ctx);

    public static Exception ExceptValue(string paramName, string msg) => Process(new ArgumentNullException(paramName, msg));

    public static Exception ExceptValue(this IExceptionContext ctx, string paramName, string msg)
        => Process(new ArgumentNullException(paramName, msg), ctx);

    public static Exception ExceptEmpty(string paramName) => ExceptParam(paramName, $"{paramName} cannot be null or empty");

    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName)
        => ExceptParam(ctx, paramName, $"{paramName} cannot be null or empty");

    public static Exception ExceptEmpty(string paramName, string msg) => ExceptParam(paramName, msg);

    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName, string msg) => ExceptParam(ctx, paramName, msg);

    public static Exception ExceptWhiteSpace(string paramName) => ExceptParam(paramName, $"{paramName} cannot be null or white space");

    public static Exception ExceptWhiteSpace(this IExceptionContext ctx, string paramName)
        => ExceptParam(ctx, paramName, $"{paramName} cannot be null or white space");

    public static Exception ExceptDecode() => Process(new FormatException());

    public static Exception ExceptDecode(this IExceptionContext ctx) => Process(new FormatException(), ctx);

    public static Exception ExceptDecode(string msg) => Process(new FormatException(msg));

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg) => Process(new FormatException(msg), ctx);

    public static Exception ExceptDecode(string msg, params object[] args) => ExceptDecode(Format(msg, args));

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg, params object[] args)
        => ExceptDecode(ctx, Format(msg, args));

    public static Exception ExceptDecode(Exception inner, string msg) => Process(new FormatException(msg, inner));

    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg)
        => Process(new FormatException(msg, inner), ctx);

    public static Exception ExceptIO() => Process(new IOException());

    public static Exception ExceptIO(this IExceptionContext ctx) => Process(new IOException(), ctx);

    public static Exception ExceptIO(string msg) => Process(new IOException(msg));

    public static Exception ExceptIO(this IExceptionContext ctx, string msg) => Process(new IOException(msg), ctx);

    public static Exception ExceptIO(this IExceptionContext ctx, Exception inner, string msg) => Process(new IOException(msg, inner), ctx);

    public static Exception ExceptNotSupp() => Process(new NotSupportedException());

    public static Exception ExceptNotSupp(this IExceptionContext ctx) => Process(new NotSupportedException(), ctx);

    public static Exception ExceptNotSupp(string msg) => Process(new NotSupportedException(msg));

    public static Exception ExceptNotSupp(this IExceptionContext ctx, string msg) => Process(new NotSupportedException(msg), ctx);

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName)
        => ExceptParam(paramName, Missing(columnRole, columnName));

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName)
        => ExceptParam(ctx, paramName, Missing(columnRole, columnName));

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName, string expectedType,
        string actualType)
        => ExceptParam(paramName, Mismatch(columnRole, columnName, expectedType, actualType));

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName,
        string expectedType, string actualType)
        => ExceptParam(ctx, paramName, Mismatch(columnRole, columnName, expectedType, actualType));

    private static string Missing(string role, string column) => $"Could not find {role} column '{column}'";

    private static string Mismatch(string role, string column, string expected, string actual)
        => actual is null ? Missing(role, column) : $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}";
}
