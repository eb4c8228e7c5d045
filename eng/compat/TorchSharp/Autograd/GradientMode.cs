using static TorchSharp.NativeMethods;

namespace TorchSharp;

/// <summary>Switches the recording of gradients on this thread, until it is disposed of.</summary>
internal sealed class GradientMode : IDisposable
{
    private readonly int _before = ts_grad_enabled();

    public GradientMode(bool enabled) => ts_set_grad_enabled(enabled ? 1 : 0);

    public void Dispose() => ts_set_grad_enabled(_before);
}
