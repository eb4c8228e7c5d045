using System.Runtime.InteropServices;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>
/// Tells the libraries below libtorch once a process what training needs of them; what the environment says goes first. Nothing depends
/// on it but speed.
/// </summary>
internal static class NativeTuning
{
    private const string MmapThreshold = "MALLOC_MMAP_THRESHOLD_", TrimThreshold = "MALLOC_TRIM_THRESHOLD_", TopPad = "MALLOC_TOP_PAD_";
    private const string PrimitiveCache = "ONEDNN_PRIMITIVE_CACHE_CAPACITY";

    // A search computes with some hundred shapes an iteration and several kernels each; oneDNN keeps 1,024, so that all are made anew.
    private const int Primitives = 8192;

    private static readonly Lazy<bool> Applied = new(Tune);

    /// <summary>Does it, the first time; before libtorch computes anything.</summary>
    public static void Apply() => _ = Applied.Value;

    private static bool Tune()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                if (Environment.GetEnvironmentVariable(PrimitiveCache) is null)
                    Environment.SetEnvironmentVariable(PrimitiveCache, $"{Primitives}");
                return true;
            }
            // .NET does not hand its environment on to native code here.
            _ = SetNative(PrimitiveCache, $"{Primitives}", overwrite: 0);
            if (!OperatingSystem.IsLinux())
                return true;
            // glibc gives large blocks back to the system after every step and takes them anew, page by page. These are its largest values.
            Allocate(MmapThreshold, -3, 32 << 20);
            Allocate(TrimThreshold, -1, 1 << 30);
            Allocate(TopPad, -2, 64 << 20);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, such as musl: it has its own ways.
        }
        return true;
    }

    private static void Allocate(string variable, int parameter, int value)
    {
        if (Environment.GetEnvironmentVariable(variable) is null)
            _ = SetAllocator(parameter, value);
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAllocator(int parameter, int value);

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNative(string name, string value, int overwrite);
}
