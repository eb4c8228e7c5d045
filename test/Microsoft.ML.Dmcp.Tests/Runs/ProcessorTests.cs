using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Runs.Native;

namespace Microsoft.ML.Dmcp.Tests.Runs;

public class ProcessorTests
{
    [Fact]
    public void Who_is_warned_that_BFloat16_is_slow_has_a_processor_without_fast_BFloat16()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return;
        // As the kernel sees it.
        var lines = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2)).ToArray();
        string Value(string key) => lines.First(line => line[0].Trim() == key)[1].Trim();
        var flags = Value("flags").Split(' ');
        var isFast = flags.Contains("amx_bf16") || Value("vendor_id") == "AuthenticAMD" && flags.Contains("avx512_bf16");
        Assert.Equal(!isFast, Processor.IsSlowWithBFloat16);
        Assert.Equal(flags.Contains("amx_bf16"), Processor.HasAmx);
    }
}
