using System.ComponentModel;
using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Put on the test assembly by Verify.Xunit.targets: notes which test runs, so that a snapshot can be named for it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> _current = new();

    /// <inheritdoc />
    public override void Before(MethodInfo info) => _current.Value = info;

    /// <inheritdoc />
    public override void After(MethodInfo info) => _current.Value = null;

    /// <summary>The method of the test that runs in this asynchronous flow.</summary>
    public static MethodInfo GetMethod() =>
        _current.Value ?? throw new InvalidOperationException(
            "Could not resolve the current test. Verify knows it from `[assembly: VerifyXunit.UseVerify]`, " +
            "which eng/compat/Verify.Xunit/Verify.Xunit.targets puts on a test project.");
}
