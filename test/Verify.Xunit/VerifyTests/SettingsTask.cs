using System.Diagnostics.Contracts;
using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>A verification that begins when it is awaited, so that its settings can still be chosen.</summary>
public class SettingsTask
{
    private readonly Func<VerifySettings, Task<VerifyResult>> _buildTask;
    private Task<VerifyResult>? _task;

    /// <summary>A verification by <paramref name="buildTask"/>, with a copy of <paramref name="settings"/>.</summary>
    public SettingsTask(VerifySettings? settings, Func<VerifySettings, Task<VerifyResult>> buildTask)
    {
        CurrentSettings = new VerifySettings(settings);
        _buildTask = buildTask;
    }

    /// <summary>The settings so far.</summary>
    public VerifySettings CurrentSettings { get; }

    /// <inheritdoc cref="VerifySettings.UseDirectory"/>
    [Pure]
    public SettingsTask UseDirectory(string directory)
    {
        CurrentSettings.UseDirectory(directory);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.UseFileName"/>
    [Pure]
    public SettingsTask UseFileName(string fileName)
    {
        CurrentSettings.UseFileName(fileName);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.UseTypeName"/>
    [Pure]
    public SettingsTask UseTypeName(string name)
    {
        CurrentSettings.UseTypeName(name);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.UseMethodName"/>
    [Pure]
    public SettingsTask UseMethodName(string name)
    {
        CurrentSettings.UseMethodName(name);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.UseTextForParameters"/>
    [Pure]
    public SettingsTask UseTextForParameters(string parametersText)
    {
        CurrentSettings.UseTextForParameters(parametersText);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.DisableRequireUniquePrefix"/>
    [Pure]
    public SettingsTask DisableRequireUniquePrefix()
    {
        CurrentSettings.DisableRequireUniquePrefix();
        return this;
    }

    /// <summary>Begins the verification, once.</summary>
    [Pure]
    public Task<VerifyResult> ToTask() => _task ??= _buildTask(CurrentSettings);

    /// <inheritdoc cref="Task{TResult}.ConfigureAwait(bool)"/>
    [Pure]
    public ConfiguredTaskAwaitable<VerifyResult> ConfigureAwait(bool continueOnCapturedContext) =>
        ToTask().ConfigureAwait(continueOnCapturedContext);

    /// <summary>Lets the verification be awaited.</summary>
    [Pure]
    public TaskAwaiter<VerifyResult> GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>Lets a test return the verification as its task.</summary>
    [Pure]
    public static implicit operator Task<VerifyResult>(SettingsTask settingsTask) => settingsTask.ToTask();
}
