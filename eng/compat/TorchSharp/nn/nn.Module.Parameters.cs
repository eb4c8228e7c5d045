using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Parameters and buffers, by name.
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach (var (own, parameter) in _parametersByName)
                    if (seen.Add(parameter.handle))
                        yield return (own, parameter);
                if (!recurse)
                    yield break;
                foreach (var (child, module) in _modules)
                    foreach (var (inner, parameter) in module.named_parameters(true))
                        if (seen.Add(parameter.handle))
                            yield return ($"{child}.{inner}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(named => named.parameter);

            // As in TorchSharp, non-persistent buffers are never named, whatever the caller asks.
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach (var (own, (buffer, persistent)) in _buffers)
                    if (persistent && seen.Add(buffer.handle))
                        yield return (own, buffer);
                if (!recurse)
                    yield break;
                foreach (var (child, module) in _modules)
                    foreach (var (inner, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer.handle))
                            yield return ($"{child}.{inner}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(named => named.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target)
            {
                if (_parametersByName.TryGet(target, out var parameter))
                    return parameter;
                return Split(target) is { } path ? path.Child.get_parameter(path.Inner) : null;
            }

            public virtual Tensor? get_buffer(string target)
            {
                if (_buffers.TryGet(target, out var buffer))
                    return buffer.Tensor;
                return Split(target) is { } path ? path.Child.get_buffer(path.Inner) : null;
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (_parametersByName.Contains(name))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                _parametersByName[name] = param;
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (_buffers.Contains(name))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                _buffers[name] = (tensor, persistent);
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) =>
                ConditionallyRegisterParameter(name, value as Parameter);

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                    _parametersByName.Remove(name);
                else
                    _parametersByName[name] = value;
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                    _buffers.Remove(name);
                else
                    _buffers[name] = (value, persistent);
            }

            private (Module Child, string Inner)? Split(string target)
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0)
                    return null;
                var first = named_children().FirstOrDefault(child => child.name == target[..dot]).module;
                return first is null ? null : (first, target[(dot + 1)..]);
            }
        }
    }
}
