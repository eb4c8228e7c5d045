namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>
/// A test that starts several ranks by mpirun. Where there is none, it is reported as skipped on a developer's machine, and fails where CI
/// is set: eng/setup.sh installs it there.
/// </summary>
internal sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute(string starter = MpiRun.OpenMpi)
    {
        var isOptional = starter != MpiRun.OpenMpi || string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (isOptional && !MpiRun.IsThere(starter))
            Skip = $"There is no {starter} on this machine: eng/setup.sh installs openmpi-bin as root (apt-get install openmpi-bin).";
    }
}
