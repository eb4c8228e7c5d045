using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // New tensors in the shape of this one.
    public partial class Tensor
    {
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(ts_zeros_like(Handle, Like(dtype, device, requires_grad)), this);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(ts_ones_like(Handle, Like(dtype, device, requires_grad)), this);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(ts_empty_like(Handle, Like(dtype, device, requires_grad)), this);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(ts_full_like(Handle, value.Value, Like(dtype, device, requires_grad)), this);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(ts_rand_like(Handle, Like(dtype, device, requires_grad)), this);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(ts_randn_like(Handle, Like(dtype, device, requires_grad)), this);

        private static TensorOptions Like(ScalarType? dtype, Device? device, bool requires_grad)
        {
            if (device is not null)
                device = InitializeDevice(device);
            return new TensorOptions(Type(dtype), device is null ? -1 : (int)device.type, device?.index ?? -1, requires_grad);
        }
    }
}
