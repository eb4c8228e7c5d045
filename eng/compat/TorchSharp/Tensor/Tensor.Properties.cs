using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // What a tensor is.
    public partial class Tensor
    {
        public ScalarType dtype => (ScalarType)ts_dtype(Handle);
        public DeviceType device_type => (DeviceType)ts_device_type(Handle);
        public int device_index => ts_device_index(Handle);
        public Device device => device_type is var type && type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(type,
            device_index);
        public bool is_cuda => device_type == DeviceType.CUDA;

        public long Dimensions => ts_dim(Handle);
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => ts_numel(Handle);
        public long numel() => NumberOfElements;
        public long ElementSize => ts_element_size(Handle);
        public long element_size() => ElementSize;

        public long[] shape => size();

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* p = sizes)
                ts_sizes(Handle, p);
            GC.KeepAlive(this);
            return sizes;
        }

        public unsafe long size(int dim)
        {
            long size;
            Acted(ts_size(Handle, dim, &size));
            return size;
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides)
                ts_strides(Handle, p);
            GC.KeepAlive(this);
            return strides;
        }

        public unsafe long stride(int dim)
        {
            long stride;
            Acted(ts_stride(Handle, dim, &stride));
            return stride;
        }

        public long storage_offset() => ts_storage_offset(Handle);

        public bool is_contiguous() => ts_is_contiguous(Handle) != 0;

        public bool is_pinned()
        {
            var pinned = ts_is_pinned(Handle);
            Acted(pinned < 0 ? 0 : 1);
            return pinned != 0;
        }

        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>Whether shape and elements are the same; for the operator == see the comparison of elements.</summary>
        public bool Equals(Tensor target)
        {
            if (target is null)
                return false;
            var equal = ts_equal(Handle, target.Handle);
            Acted(equal < 0 ? 0 : 1, target);
            return equal != 0;
        }

        public override bool Equals(object? obj) => obj is Tensor tensor && Equals(tensor);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        /// <summary>A description without values, as the real one prints by default: [2x3], type = Float32, device = cpu.</summary>
        public override string ToString()
        {
            if (IsInvalid)
                return "";
            var at = device;
            return $"[{string.Join('x', shape)}], type = {dtype}, device = {at}";
        }
    }
}
