using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: what a tensor is.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial nint ts_error();
    [LibraryImport(Library)] internal static partial nint ts_version();
    [LibraryImport(Library)] internal static partial void ts_free(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long ts_dim(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long ts_numel(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long ts_element_size(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_dtype(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_device_type(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_device_index(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_requires_grad(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_is_leaf(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial int ts_is_contiguous(nint t);
    [LibraryImport(Library)] internal static partial int ts_is_pinned(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial long ts_storage_offset(nint t);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial void ts_sizes(nint t, long* result);
    [LibraryImport(Library)] [SuppressGCTransition] internal static partial void ts_strides(nint t, long* result);
    [LibraryImport(Library)] internal static partial int ts_size(nint t, long dim, long* result);
    [LibraryImport(Library)] internal static partial int ts_stride(nint t, long dim, long* result);
    [LibraryImport(Library)] internal static partial nint ts_data(nint t);
    [LibraryImport(Library)] internal static partial int ts_item(nint t, double* d, long* i, int* kind);
}
