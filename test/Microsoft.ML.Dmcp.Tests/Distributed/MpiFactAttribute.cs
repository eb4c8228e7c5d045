namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>
/// A test that starts several ranks by mpirun. Where there is none, it is reported as skipped on a developer's machine, and fails where CI
/// is set: eng/setup.sh installs it there.
/// </summary>
internal sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute(string starter = MpiRun.OpenMpi)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")) && !MpiRun.IsThere(starter))
            Skip = $"There is no {starter} on this machine: {MpiRun.Advice}";
    }
}
