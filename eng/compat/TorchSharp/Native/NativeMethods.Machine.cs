using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: the machine.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial int ts_cuda_count();
    [LibraryImport(Library)] internal static partial int ts_cuda_synchronize(int index);
    [LibraryImport(Library)] internal static partial int ts_get_num_threads();
    [LibraryImport(Library)] internal static partial int ts_set_num_threads(int n);
    [LibraryImport(Library)] internal static partial int ts_get_num_interop_threads();
    [LibraryImport(Library)] internal static partial int ts_set_num_interop_threads(int n);
    [LibraryImport(Library)] internal static partial int ts_get_tf32(int cudnn);
    [LibraryImport(Library)] internal static partial int ts_set_tf32(int cudnn, int on);
}
