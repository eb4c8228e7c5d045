using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>An operation with a gradient of its own.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            private protected Function()
            {
            }

            public abstract string Name { get; }

            internal abstract List<Tensor> ForwardAll(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> BackwardAll(AutogradContext ctx, List<Tensor> grad_outputs);

            public static unsafe List<Tensor> apply_internal(params object[] vars)
            {
                var call = new FunctionCall(vars, Instance.BackwardAll, Instance.Name);
                List<Tensor> outputs;
                using (no_grad())
                    outputs = Instance.ForwardAll(call.Context, vars);
                var (saved, dirty, constant) = (call.Context.Saved, call.Context.Dirty, call.Context.NonDifferentiable);
                call.Context.Forget();
                var results = new nint[outputs.Count];
                var context = GCHandle.ToIntPtr(GCHandle.Alloc(call));
                fixed (nint* i = Handles(call.Inputs), o = Handles(outputs), s = Handles(saved), d = Handles(dirty),
                c = Handles(constant), r = results)
                {
                    Check(ts_function(
                        i, call.Inputs.Length, o, outputs.Count, s, saved.Count, d, dirty.Count, c, constant.Count,
                        call.Context.MaterializeGrads ? 1 : 0, context, &FunctionCall.Backward, &FunctionCall.Release, r));
                }
                GC.KeepAlive(vars);
                GC.KeepAlive(outputs);
                GC.KeepAlive(saved);
                call.ForgetInputs();
                return results.Select(h => new Tensor(h)).ToList();
            }
        }
    }
}
