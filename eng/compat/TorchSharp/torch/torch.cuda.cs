using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class cuda
    {
        public static bool is_available() => ts_cuda_count() > 0;

        public static int device_count() => ts_cuda_count();

        /// <summary>Seeds the current GPU; without one, nothing happens.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available())
                Check(ts_manual_seed(seed, (int)DeviceType.CUDA, -1));
        }

        /// <summary>Seeds every GPU; without one, nothing happens.</summary>
        public static void manual_seed_all(long seed)
        {
            for (var i = 0; i < device_count(); i++)
                Check(ts_manual_seed(seed, (int)DeviceType.CUDA, i));
        }

        /// <summary>Waits until everything queued on the device is done.</summary>
        public static void synchronize(Device? device = null) => Check(ts_cuda_synchronize(device?.index ?? -1));
    }
}
