using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.NativeMethods;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One use of a custom function in a graph. libtorch holds it until the graph is gone, and calls its backward.</summary>
internal sealed unsafe class FunctionCall
{
    private readonly Func<autograd.AutogradContext, List<Tensor>, List<Tensor>> _backward;
    private readonly bool[] _isTensor;
    private readonly string _name;

    public FunctionCall(object[] arguments, Func<autograd.AutogradContext, List<Tensor>, List<Tensor>> backward, string name)
    {
        _backward = backward;
        _name = name;
        _isTensor = arguments.Select(a => a is Tensor { IsInvalid: false }).ToArray();
        Inputs = arguments.OfType<Tensor>().Where(t => !t.IsInvalid).ToArray();
    }

    public autograd.AutogradContext Context { get; } = new();

    public Tensor[] Inputs { get; private set; }

    public void ForgetInputs() => Inputs = [];

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Release(nint context) => GCHandle.FromIntPtr(context).Free();

    /// <summary>The gradients of the inputs into results; 0 with the error set where backward threw.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Backward(nint context, nint* grads, int n, nint* saved, int m, nint* results, int k)
    {
        try
        {
            var call = (FunctionCall)GCHandle.FromIntPtr(context).Target!;
            using var scope = NewDisposeScope();
            call.Context.Unpack(Tensors(saved, m));
            var gradients = call.Expected(call._backward(call.Context, Tensors(grads, n)));
            for (var i = 0; i < k; i++)
                results[i] = gradients[i] is { IsInvalid: false } gradient ? ts_share(gradient.Handle) : 0;
            call.Context.Unpack([]);
            return 1;
        }
        catch (Exception e)
        {
            var text = Marshal.StringToCoTaskMemUTF8($"{e.GetType().Name}: {e.Message}");
            ts_set_error(text);
            Marshal.FreeCoTaskMem(text);
            return 0;
        }
    }

    /// <summary>One gradient for each argument that was a tensor, none for the others.</summary>
    private List<Tensor?> Expected(List<Tensor> gradients)
    {
        var given = gradients.Cast<Tensor?>().ToList();
        if (given.Count > _isTensor.Length && given.Skip(_isTensor.Length).All(g => g is null || g.IsInvalid))
            given = given[.._isTensor.Length];
        if (given.Count != _isTensor.Length)
            throw new NotImplementedException($"Function {_name} returned an incorrect number of gradients (expected {_isTensor.Length}), got {given.Count}");
        for (var i = 0; i < given.Count; i++)
            if (!_isTensor[i] && given[i] is { IsInvalid: false })
                throw new NotImplementedException($"Function {_name} returned a gradient different that is defined at position {i + 1}, but the corresponding forward input was not a Tensor");
        return given.Where((_, i) => _isTensor[i]).ToList();
    }

    private static List<Tensor> Tensors(nint* handles, int count)
    {
        var tensors = new List<Tensor>(count);
        for (var i = 0; i < count; i++)
            tensors.Add(handles[i] == 0 ? null! : new Tensor(handles[i]));
        return tensors;
    }
}
