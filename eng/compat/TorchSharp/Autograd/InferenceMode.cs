using static TorchSharp.NativeMethods;

namespace TorchSharp;

/// <summary>libtorch's inference mode on this thread, until it is disposed of (there).</summary>
internal sealed class InferenceMode(bool enabled) : IDisposable
{
    private nint _guard = ts_inference_begin(enabled ? 1 : 0);

    public void Dispose()
    {
        if (_guard != 0)
            ts_inference_end(_guard);
        _guard = 0;
    }
}
