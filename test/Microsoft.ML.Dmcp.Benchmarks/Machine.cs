using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>What is computed on, and how much of its memory this process takes.</summary>
internal static class Machine
{
    /// <summary>The first GPU when there is one, else the processor.</summary>
    public static Device Device => cuda.is_available() ? CUDA : CPU;

    /// <summary>Largest resident size so far, in MB: Linux keeps the high-water mark; elsewhere .NET does.</summary>
    public static double PeakMegabytes => Status("VmHWM:") ?? Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;

    /// <summary>Resident size now, in MB.</summary>
    public static double ResidentMegabytes => Status("VmRSS:") ?? Process.GetCurrentProcess().WorkingSet64 / 1048576.0;

    private static double? Status(string field) =>
        File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) is { } line
            ? double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024
            : null;
}
