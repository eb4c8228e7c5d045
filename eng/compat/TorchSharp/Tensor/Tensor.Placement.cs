using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Other element types and other devices.
    public partial class Tensor
    {
        public Tensor cpu() => Made(ts_cpu(Handle), this);

        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            if (device is not null && device.type != DeviceType.CUDA)
                throw new ArgumentException("Not a CUDA device.", nameof(device));
            InitializeDeviceType(DeviceType.CUDA);
            return device is null ? Made(ts_cuda(Handle), this) : to(device, non_blocking: non_blocking);
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(disposeAfter, Made(ts_to_type(Handle, (int)type, copy ? 1 : 0, non_blocking ? 1 : 0), this));

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false,
            bool non_blocking = false)
        {
            InitializeDeviceType(deviceType);
            var result = ts_to_device(Handle, (int)deviceType, deviceIndex, copy ? 1 : 0, non_blocking ? 1 : 0);
            return After(disposeAfter, Made(result, this));
        }

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            device = InitializeDevice(device);
            var result = ts_to(Handle, (int)type, (int)device.type, device.index, copy ? 1 : 0, non_blocking ? 1 : 0);
            return After(disposeAfter, Made(result, this));
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(device.type, device.index, copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor pin_memory() => Made(ts_pin_memory(Handle), this);

        public Tensor set_(Tensor source) => Acted(ts_set_(Handle, source.Handle), source);

        public Tensor copy_(Tensor source, bool nonBlocking = false) =>
            Acted(ts_copy_(Handle, source.Handle, nonBlocking ? 1 : 0), source);

        private Tensor After(bool dispose, Tensor result)
        {
            if (dispose)
                Dispose();
            return result;
        }
    }
}
