using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Chooses the device and the number of threads.</summary>
internal static class TorchRuntime
{
    /// <summary>
    /// The device of the MLContext: its GpuDeviceId when set (an error or, with FallbackToCpu, a warning when there is no such GPU),
    /// else the first GPU when there is one, else the processor.
    /// </summary>
    /// <exception cref="InvalidOperationException">A GPU was asked for and there is none.</exception>
    public static Device ChooseDevice(IHostEnvironment env, RunLog log)
    {
        NativeRuntime.Load();
        var (id, fallback) = MLNetInternals.Gpu(env);
        var available = cuda.is_available() ? cuda.device_count() : 0;
        if (id is null)
            return available > 0 ? device(DeviceType.CUDA, 0) : CPU;
        if (id >= 0 && id < available)
            return device(DeviceType.CUDA, id.Value);
        var problem = available == 0
            ? $"GPU {id} was asked for (MLContext.GpuDeviceId), but libtorch finds no CUDA device: " +
                "install the NVIDIA driver and the package TorchSharp-cuda-linux or TorchSharp-cuda-windows"
            : $"GPU {id} was asked for (MLContext.GpuDeviceId), but this machine has {available}: give an id from 0 to {available - 1}";
        if (!fallback)
            throw new InvalidOperationException(problem + ", or set MLContext.FallbackToCpu.");
        log.Warning(problem + ". The processor is used instead.");
        return CPU;
    }

    /// <summary>Makes libtorch ready for a run on this thread.</summary>
    /// <param name="threads">Threads of the run; null for as many as there are processors, or as OMP_NUM_THREADS says.</param>
    /// <returns>Gives the thread back the number that it had.</returns>
    /// <exception cref="InvalidOperationException">libtorch cannot be loaded; the message says what is missing.</exception>
    public static IDisposable Prepare(int? threads)
    {
        NativeRuntime.Load();
        return new RunThreads(threads ?? NativeRuntime.DefaultThreads);
    }
}
