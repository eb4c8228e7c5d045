using TorchSharp.Modules;
using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales the gradients so that their norm, taken over all of them together, is at most max_norm; returns what it was. It waits for the device.</summary>
            public static unsafe double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                var parameters = tensors.ToArray();
                double norm;
                fixed (nint* p = Handles(parameters))
                    Check(ts_clip_grad_norm_(p, parameters.Length, max_norm, norm_type, &norm));
                GC.KeepAlive(parameters);
                return norm;
            }
        }
    }
}
