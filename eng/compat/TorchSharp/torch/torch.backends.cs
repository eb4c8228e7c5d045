using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                /// <summary>Whether matrix products on the GPU may round float32 to TF32.</summary>
                public static bool allow_tf32
                {
                    get => Allowed(ts_get_tf32(0));
                    set => Check(ts_set_tf32(0, value ? 1 : 0));
                }
            }
        }

        public static partial class cudnn
        {
            /// <summary>Whether convolutions on the GPU may round float32 to TF32.</summary>
            public static bool allow_tf32
            {
                get => Allowed(ts_get_tf32(1));
                set => Check(ts_set_tf32(1, value ? 1 : 0));
            }
        }

        private static bool Allowed(int flag)
        {
            Check(flag < 0 ? 0 : 1);
            return flag != 0;
        }
    }
}
