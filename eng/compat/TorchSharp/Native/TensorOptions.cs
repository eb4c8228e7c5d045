namespace TorchSharp;

/// <summary>Element type (-1: libtorch's choice), place and requires_grad of a new tensor, as they cross to native code.</summary>
internal readonly struct TensorOptions(int dtype, int deviceType, int deviceIndex, bool requiresGrad)
{
    public readonly int Dtype = dtype;
    public readonly int DeviceType = deviceType;
    public readonly int DeviceIndex = deviceIndex;
    public readonly int RequiresGrad = requiresGrad ? 1 : 0;
}
