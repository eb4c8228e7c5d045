using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs;

/// <summary>Brings tensors from the processor to where is computed.</summary>
internal static class DeviceCopy
{
    /// <summary>
    /// The tensor on a device. A GPU copies from pinned memory, while the processor continues and the GPU need not be done with its work;
    /// libtorch gives that memory out anew once the copy is done.
    /// </summary>
    public static Tensor SentTo(this Tensor tensor, Device device) =>
        device.type == DeviceType.CUDA ? tensor.pin_memory().to(device, false, false, true) : tensor.to(device);
}
