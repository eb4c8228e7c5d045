using System.Runtime.InteropServices;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>What the times were measured on.</summary>
internal static class Machine
{
    private const string Processors = "/proc/cpuinfo", Model = "model name";

    /// <summary>The processor, where the system tells its model, and the system.</summary>
    public static string Name => $"{Processor() ?? RuntimeInformation.ProcessArchitecture.ToString()}, {RuntimeInformation.OSDescription}";

    private static string? Processor()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        try
        {
            return File.Exists(Processors)
                ? File.ReadLines(Processors).FirstOrDefault(l => l.StartsWith(Model, StringComparison.Ordinal))?.Split(':')[^1].Trim()
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
