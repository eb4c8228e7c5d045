using System.Diagnostics.Contracts;
using System.Runtime.CompilerServices;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Compares a text with the snapshot that was verified for the running test.</summary>
public static class Verifier
{
    /// <summary>Verifies <paramref name="target"/> against <c>{Type}.{Method}.verified.txt</c> beside the test's source.</summary>
    [Pure]
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(settings, sourceFile, snapshot => snapshot.VerifyText(target));

    /// <summary>Verifies the text that <paramref name="target"/> yields.</summary>
    [Pure]
    public static SettingsTask Verify(Task<string> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(settings, sourceFile, async snapshot => snapshot.VerifyText(await target.ConfigureAwait(false)));

    /// <summary>Verifies <paramref name="target"/> against a snapshot with the file <paramref name="extension"/> given (no dot).</summary>
    [Pure]
    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(settings, sourceFile, snapshot => snapshot.VerifyText(target, extension));

    /// <summary>
    /// Verifies the text that <paramref name="target"/> yields, with the file <paramref name="extension"/> given (no dot).
    /// </summary>
    [Pure]
    public static SettingsTask Verify(
        Task<string> target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(settings, sourceFile, async snapshot => snapshot.VerifyText(await target.ConfigureAwait(false), extension));

    private static SettingsTask Verify(VerifySettings? settings, string sourceFile, Func<Snapshot, VerifyResult> verify) =>
        Verify(settings, sourceFile, snapshot => Task.FromResult(verify(snapshot)));

    private static SettingsTask Verify(VerifySettings? settings, string sourceFile, Func<Snapshot, Task<VerifyResult>> verify)
    {
        if (string.IsNullOrWhiteSpace(sourceFile))
        {
            throw new ArgumentNullException(
                nameof(sourceFile), "The test's source file is not known: don't call Verify through `dynamic`.");
        }

        return new SettingsTask(settings, async current =>
            await verify(new Snapshot(current, sourceFile, UseVerifyAttribute.GetMethod())).ConfigureAwait(false));
    }
}
