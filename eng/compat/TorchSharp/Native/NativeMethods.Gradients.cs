using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: gradients.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial int ts_set_requires_grad(nint t, int on);
    [LibraryImport(Library)] internal static partial int ts_retain_grad(nint t);
    [LibraryImport(Library)] internal static partial int ts_grad(nint t, nint* result);
    [LibraryImport(Library)] internal static partial int ts_set_grad(nint t, nint g);
    [LibraryImport(Library)] internal static partial int ts_backward(nint* t, long n, nint* g, long ng, int retain, int create,
        nint* inputs, long ni);
    [LibraryImport(Library)] internal static partial int ts_autograd(nint* t, long n, nint* inputs, long ni, nint* g, long ng,
        int retain, int create, int unused, nint* result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_grad_enabled();
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial void ts_set_grad_enabled(int on);
    [LibraryImport(Library)] internal static partial nint ts_inference_begin(int on);
    [LibraryImport(Library)] internal static partial void ts_inference_end(nint guard);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_inference_enabled();
    [LibraryImport(Library)] internal static partial int ts_clip_grad_norm_(nint* p, int n, double max_norm, double norm_type,
        double* total);
}
