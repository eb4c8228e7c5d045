using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs.Native;

/// <summary>
/// Loads libtorch, and configures the libraries below it for training and predicting: once a process, before they are loaded.
/// Nothing but speed and memory depends on it; environment variables take precedence. The AppContext switch <see cref="Switch"/>, set to
/// false, turns it off.
/// </summary>
internal static class NativeRuntime
{
    /// <summary>Name of the AppContext switch.</summary>
    public const string Switch = "Microsoft.ML.Dmcp.NativeTuning";

    private const string MmapThreshold = "MALLOC_MMAP_THRESHOLD_", TrimThreshold = "MALLOC_TRIM_THRESHOLD_", TopPad = "MALLOC_TOP_PAD_";
    private const string PrimitiveCache = "ONEDNN_PRIMITIVE_CACHE_CAPACITY";
    private const string Threads = "OMP_NUM_THREADS";
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const string Library = "libLibTorchSharp.so";

    // A search computes with some hundred shapes an iteration and several kernels each; oneDNN keeps 1,024, so that all are made anew.
    private const int Primitives = 8192;

    // How often libgomp's threads look for work before they sleep. As it comes they do for a millisecond, a time slice of somebody who
    // needs the core.
    private const int Spins = 30_000;

    private static readonly Lazy<InvalidOperationException?> Failure = new(TryLoad);

    /// <summary>
    /// Threads of a run that does not name a number: as many as this process may use processors, or as OMP_NUM_THREADS says.
    /// </summary>
    public static int DefaultThreads =>
        Environment.GetEnvironmentVariable(Threads) is { } given && int.TryParse(given.Split(',')[0], out var threads) && threads > 0
            ? threads
            : Environment.ProcessorCount;

    /// <summary>Whether the switch is on, as it is where nobody sets it.</summary>
    public static bool IsTuned => !AppContext.TryGetSwitch(Switch, out var isOn) || isOn;

    /// <summary>Does it, the first time.</summary>
    /// <exception cref="InvalidOperationException">libtorch cannot be loaded; the message says what is missing and what to do.</exception>
    public static void Load()
    {
        if (Failure.Value is { } failure)
            throw new InvalidOperationException(failure.Message, failure.InnerException);
    }

    private static InvalidOperationException? TryLoad()
    {
        if (IsTuned)
            Tune();
        try
        {
            _ = get_num_threads();
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException
            or BadImageFormatException or EntryPointNotFoundException)
        {
            return new InvalidOperationException(Explain(e), e);
        }
    }

    /// <summary>Why TorchSharp's library cannot be loaded, by the loader: TorchSharp's exception does not distinguish reasons.</summary>
    private static string Explain(Exception e)
    {
        const string add = "add the package TorchSharp-cpu 0.107.0 to the application " +
            "(or TorchSharp-cuda-linux, TorchSharp-cuda-windows for an NVIDIA GPU)";
        var folders = new[] { AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native") };
        var library = folders.Select(f => Path.Combine(f, Library)).FirstOrDefault(File.Exists);
        if (library is null)
            return OperatingSystem.IsLinux()
                ? $"libtorch cannot be loaded: there is no {Library} beside the application: {add}."
                : $"libtorch cannot be loaded: {e.GetBaseException().Message} If it is missing, {add}.";
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(library));
            return $"libtorch cannot be used: {e.GetBaseException().Message}";
        }
        catch (DllNotFoundException loader) when (loader.Message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            return $"TorchSharp's library cannot be loaded on this system, whose libstdc++ is too old for it ({Reason(loader)}): " +
                "use Debian 13, Ubuntu 24.04 or later, or build the application with " +
                "-p:DmcpLoadableLibTorchSharp=true, by which Microsoft.ML.Dmcp's package gives it a copy that loads.";
        }
        catch (DllNotFoundException loader)
        {
            return $"libtorch cannot be loaded ({Reason(loader)}): {add}, in one version with TorchSharp.";
        }
    }

    /// <summary>
    /// The loader's own words for the file it was asked for: .NET puts advice before them, and other places that it looked in behind.
    /// </summary>
    private static string Reason(DllNotFoundException e)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (Find("GLIBCXX_") ?? Find("cannot open") ?? lines[0]).TrimEnd('.', ':');

        string? Find(string part) => lines.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal));
    }

    private static void Tune()
    {
        try
        {
            SetDefault(PrimitiveCache, Primitives);
            if (!OperatingSystem.IsLinux())
                return;
            if (Environment.GetEnvironmentVariable(WaitPolicy) is null)
                SetDefault(SpinCount, Spins);
            // A container may have a share of the processors, which libgomp does not see.
            SetDefault(Threads, Environment.ProcessorCount);
            // glibc gives large blocks back to the system after every step and takes them anew, page by page. These are its largest values.
            Allocate(MmapThreshold, -3, 32 << 20);
            Allocate(TrimThreshold, -1, 1 << 30);
            Allocate(TopPad, -2, 64 << 20);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, such as musl: it has its own ways.
        }
    }

    private static void SetDefault(string variable, int value)
    {
        if (Environment.GetEnvironmentVariable(variable) is not null)
            return;
        // .NET does not hand its environment on to native code but on Windows.
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(variable, $"{value}");
        else
            _ = SetNative(variable, $"{value}", overwrite: 0);
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
