using System.Diagnostics;

namespace Microsoft.ML.Runtime;

internal static partial class Contracts
{
    public static void Check(bool f)
    {
        if (!f)
        {
            throw Except();
        }
    }

    public static void Check(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw Except(ctx);
        }
    }

    public static void Check(bool f, string msg)
    {
        if (!f)
        {
            throw Except(msg);
        }
    }

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw Except(ctx, msg);
        }
    }

    public static void CheckUserArg(bool f, string name) => CheckParam(f, name);

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name) => CheckParam(ctx, f, name);

    public static void CheckUserArg(bool f, string name, string msg) => CheckParam(f, name, msg);

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg) => CheckParam(ctx, f, name, msg);

    public static void CheckParam(bool f, string paramName)
    {
        if (!f)
        {
            throw ExceptParam(paramName);
        }
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName)
    {
        if (!f)
        {
            throw ExceptParam(ctx, paramName);
        }
    }

    public static void CheckParam(bool f, string paramName, string msg)
    {
        if (!f)
        {
            throw ExceptParam(paramName, msg);
        }
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg)
    {
        if (!f)
        {
            throw ExceptParam(ctx, paramName, msg);
        }
    }

    public static T CheckRef<T>(T val, string paramName)
        where T : class
        => val ?? throw ExceptValue(paramName);

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
        => val ?? throw ExceptValue(ctx, paramName);

    public static void CheckValue<T>(T val, string paramName)
        where T : class
        => CheckRef(val, paramName);

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
        => CheckRef(ctx, val, paramName);

    public static string CheckNonEmpty(string s, string paramName)
        => string.IsNullOrEmpty(s) ? throw ExceptEmpty(paramName) : s;

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName)
        => string.IsNullOrEmpty(s) ? throw ExceptEmpty(ctx, paramName) : s;

    public static T[] CheckNonEmpty<T>(T[] args, string paramName)
        => args is not { Length: > 0 } ? throw ExceptEmpty(paramName) : args;

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName)
        => args is not { Length: > 0 } ? throw ExceptEmpty(ctx, paramName) : args;

    public static string CheckNonWhiteSpace(string s, string paramName)
        => string.IsNullOrWhiteSpace(s) ? throw ExceptWhiteSpace(paramName) : s;

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName)
        => string.IsNullOrWhiteSpace(s) ? throw ExceptWhiteSpace(ctx, paramName) : s;

    public static void CheckDecode(bool f)
    {
        if (!f)
        {
            throw ExceptDecode();
        }
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw ExceptDecode(ctx);
        }
    }

    public static void CheckDecode(bool f, string msg)
    {
        if (!f)
        {
            throw ExceptDecode(msg);
        }
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw ExceptDecode(ctx, msg);
        }
    }

    public static void CheckIO(bool f)
    {
        if (!f)
        {
            throw ExceptIO();
        }
    }

    public static void CheckIO(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw ExceptIO(ctx, msg);
        }
    }

    /// <summary>Says that null is allowed; checks nothing.</summary>
    [Conditional("INVARIANT_CHECKS")]
    public static void CheckValueOrNull<T>(T val)
        where T : class
    {
    }

    /// <summary>Says that null is allowed; checks nothing.</summary>
    [Conditional("INVARIANT_CHECKS")]
    public static void CheckValueOrNull<T>(this IExceptionContext ctx, T val)
        where T : class
    {
    }

    [Conditional("DEBUG")]
    public static void Assert(bool f) => Debug.Assert(f);

    [Conditional("DEBUG")]
    public static void Assert(this IExceptionContext ctx, bool f) => Debug.Assert(f);

    [Conditional("DEBUG")]
    public static void AssertValue<T>(T val)
        where T : class
        => Debug.Assert(val is not null);

    [Conditional("DEBUG")]
    public static void AssertValue<T>(this IExceptionContext ctx, T val)
        where T : class
        => Debug.Assert(val is not null);
}
