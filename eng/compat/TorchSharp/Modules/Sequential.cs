using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules one after the other. What flows between them is freed at once.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string Name, nn.IModule<Tensor, Tensor> Module)> _sequence = [];

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules)
            append(name, module);
    }

    protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
    {
        foreach (var module in modules)
            append(module);
    }

    internal Sequential(IEnumerable<(string Name, nn.IModule<Tensor, Tensor> Module)> modules) : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules)
            append(name, module);
    }

    public int Count => _sequence.Count;

    [System.Runtime.CompilerServices.IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => _sequence[index].Module;

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        _sequence.Add((name, module));
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append($"{Count}", module);

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        var seen = new HashSet<nint> { 0 };
        foreach (var (name, module) in recurse ? Named() : [])
            foreach (var (inner, parameter) in module.named_parameters(true))
                if (seen.Add(parameter.handle))
                    yield return ($"{name}.{inner}", parameter);
    }

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
    {
        var seen = new HashSet<nint> { 0 };
        foreach (var (name, module) in recurse ? Named() : [])
            foreach (var (inner, buffer) in module.named_buffers(true, include_persistent))
                if (seen.Add(buffer.handle))
                    yield return ($"{name}.{inner}", buffer);
    }

    public override IEnumerable<(string name, nn.Module module)> named_children() => Named();

    public override IEnumerable<(string name, nn.Module module)> named_modules()
    {
        foreach (var child in Named())
            yield return child;
        foreach (var (name, module) in Named())
            foreach (var (inner, nested) in module.named_modules())
                yield return ($"{name}.{inner}", nested);
    }

    public override Tensor forward(Tensor tensor)
    {
        if (Count == 0)
            return tensor.alias();
        var result = _sequence[0].Module.call(tensor);
        for (var i = 1; i < Count; i++)
        {
            using var before = result;
            result = _sequence[i].Module.call(before);
        }
        return result;
    }

    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach (var (_, module) in Named())
            module.apply(fn);
        fn(this);
        return this;
    }

    private IEnumerable<(string, nn.Module)> Named() => _sequence.Select(entry => (entry.Name, (nn.Module)entry.Module));
}
