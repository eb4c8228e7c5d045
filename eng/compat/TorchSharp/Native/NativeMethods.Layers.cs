using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: layers.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial nint ts_conv2d(nint x, nint w, nint b, long* stride, int ns, long* pad, int np,
        long* dilation, int nd, long groups);
    [LibraryImport(Library)] internal static partial nint ts_conv2d_padding(nint x, nint w, nint b, long* stride, int ns, int same,
        long* dilation, int nd, long groups);
    [LibraryImport(Library)] internal static partial nint ts_batch_norm(nint x, nint mean, nint var, nint w, nint b, int training,
        double momentum, double eps);
    [LibraryImport(Library)] internal static partial nint ts_linear(nint x, nint w, nint b);
    [LibraryImport(Library)] internal static partial nint ts_max_pool2d(nint x, long* k, int nk, long* s, int ns, long* p, int np,
        long* d, int nd, int ceil);
    [LibraryImport(Library)] internal static partial nint ts_avg_pool2d(nint x, long* k, int nk, long* s, int ns, long* p, int np,
        int ceil, int count_pad, long* divisor);
    [LibraryImport(Library)] internal static partial nint ts_adaptive_avg_pool2d(nint x, long* s, int n);
    [LibraryImport(Library)] internal static partial nint ts_dropout(nint x, double p, int training, int inplace);
    [LibraryImport(Library)] internal static partial nint ts_pad(nint x, long* p, int n, int mode, double value);
    [LibraryImport(Library)] internal static partial nint ts_one_hot(nint x, long classes);
    [LibraryImport(Library)] internal static partial nint ts_cross_entropy(nint x, nint target, nint w, long ignore, long reduction,
        double smoothing);
    [LibraryImport(Library)] internal static partial nint ts_nll_loss(nint x, nint target, nint w, long reduction);
    [LibraryImport(Library)] internal static partial nint ts_kl_div(nint x, nint target, int log_target, long reduction);
    [LibraryImport(Library)] internal static partial nint ts_mse_loss(nint x, nint target, long reduction);
    [LibraryImport(Library)] internal static partial nint ts_interpolate2d(nint x, long* size, int mode, int align, double fh, double fw);
}
