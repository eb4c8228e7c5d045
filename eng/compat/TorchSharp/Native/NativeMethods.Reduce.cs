using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: reductions.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial nint ts_sum(nint t, int type);
    [LibraryImport(Library)] internal static partial nint ts_sum_dims(nint t, long* d, int n, int keep, int type);
    [LibraryImport(Library)] internal static partial nint ts_mean_dims(nint t, long* d, int n, int keep, int type);
    [LibraryImport(Library)] internal static partial nint ts_std(nint t, int unbiased);
    [LibraryImport(Library)] internal static partial nint ts_var(nint t, int unbiased);
    [LibraryImport(Library)] internal static partial nint ts_std_dims(nint t, long* d, int n, int unbiased, int keep);
    [LibraryImport(Library)] internal static partial nint ts_var_dims(nint t, long* d, int n, int unbiased, int keep);
    [LibraryImport(Library)] internal static partial nint ts_prod(nint t, int type);
    [LibraryImport(Library)] internal static partial nint ts_prod_dim(nint t, long d, int keep, int type);
    [LibraryImport(Library)] internal static partial nint ts_max_dim(nint t, long d, int keep, nint* at_);
    [LibraryImport(Library)] internal static partial nint ts_min_dim(nint t, long d, int keep, nint* at_);
    [LibraryImport(Library)] internal static partial nint ts_argmax(nint t, long* d, int keep);
    [LibraryImport(Library)] internal static partial nint ts_argmin(nint t, long* d, int keep);
    [LibraryImport(Library)] internal static partial nint ts_all_dim(nint t, long d, int keep);
    [LibraryImport(Library)] internal static partial nint ts_any_dim(nint t, long d, int keep);
    [LibraryImport(Library)] internal static partial nint ts_norm(nint t, float p);
    [LibraryImport(Library)] internal static partial nint ts_norm_dim(nint t, long d, int keep, float p);
    [LibraryImport(Library)] internal static partial nint ts_cumsum(nint t, long d, int type);
    [LibraryImport(Library)] internal static partial nint ts_cumprod(nint t, long d, int type);
    [LibraryImport(Library)] internal static partial nint ts_softmax(nint t, long d, int type);
    [LibraryImport(Library)] internal static partial nint ts_log_softmax(nint t, long d, int type);
    [LibraryImport(Library)] internal static partial nint ts_argsort_dim(nint t, long d, int descending);
    [LibraryImport(Library)] internal static partial nint ts_sort(nint t, long d, int descending, int stable, nint* at_);
    [LibraryImport(Library)] internal static partial nint ts_topk(nint t, long k, long d, int largest, int sorted, nint* at_);
}
