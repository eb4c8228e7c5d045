using System.Reflection;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Other element types and other devices. A parameter that moves is a new object, put where the old one stood.
        public partial class Module
        {
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                Place(device, FloatingPoint(dtype), non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                Place(new Device(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1), null, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                Place(null, FloatingPoint(dtype), non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            private static ScalarType FloatingPoint(ScalarType dtype) => torch.is_floating_point(dtype)
                ? dtype
                : throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");

            private void Place(Device? device, ScalarType? dtype, bool non_blocking)
            {
                if (device is { type: DeviceType.CUDA } && !torch.cuda.is_available())
                    throw new InvalidOperationException("CUDA is not available.");
                foreach (var (_, child) in named_children())
                {
                    if (device is null)
                        child._to(dtype!.Value, non_blocking);
                    else if (dtype is null)
                        child._to(device.type, device.index, non_blocking);
                    else
                        child._to(device, dtype.Value, non_blocking);
                }
                foreach (var (own, parameter) in _parametersByName.ToList())
                    if (Moved(parameter, device, dtype, non_blocking) is { } moved)
                        Replace(own, parameter, moved);
                foreach (var (own, (buffer, _)) in _buffers.ToList())
                    if (Moved(buffer, device, dtype, non_blocking) is { } moved)
                        Replace(own, buffer, moved);
            }

            /// <summary>The tensor as and where it shall be, or null where it is already.</summary>
            private static Tensor? Moved(Tensor tensor, Device? device, ScalarType? dtype, bool non_blocking)
            {
                var type = dtype is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;
                var there = device is null || (device.type == tensor.device_type && (device.index < 0 || device.index == tensor.device_index));
                if (type == tensor.dtype && there)
                    return null;
                using var _ = no_grad();
                var moved = tensor.to(type, device ?? tensor.device, non_blocking: non_blocking).DetachFromDisposeScope();
                if (tensor is not Modules.Parameter)
                    return moved;
                var parameter = new Modules.Parameter(moved, tensor.requires_grad);
                using var grad = tensor.grad;
                if (grad is not null)
                {
                    using var movedGrad = grad.to(type, device ?? tensor.device, non_blocking: non_blocking);
                    parameter.grad = movedGrad;
                }
                return parameter;
            }

            /// <summary>Registers the new tensor and sets the property of that name, or the field that held the old one.</summary>
            private void Replace(string own, Tensor old, Tensor moved)
            {
                const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
                if (GetType().GetProperties(Public).FirstOrDefault(p => p.Name == own && p.CanWrite) is { } property)
                {
                    property.SetValue(this, moved);
                    return;
                }
                if (moved is Modules.Parameter parameter)
                    ConditionallyRegisterParameter(own, parameter);
                else
                    ConditionallyRegisterBuffer(own, moved);
                if (Fields().FirstOrDefault(f => ComponentName(f) == own) is { } field)
                    field.SetValue(this, moved);
                old.Dispose();
            }
        }
    }
}
