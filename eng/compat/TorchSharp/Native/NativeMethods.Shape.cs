using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: shape and place.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial nint ts_reshape(nint t, long* s, int n);
    [LibraryImport(Library)] internal static partial nint ts_view(nint t, long* s, int n);
    [LibraryImport(Library)] internal static partial nint ts_permute(nint t, long* d, int n);
    [LibraryImport(Library)] internal static partial nint ts_expand(nint t, long* s, int n, int isImplicit);
    [LibraryImport(Library)] internal static partial nint ts_repeat(nint t, long* s, int n);
    [LibraryImport(Library)] internal static partial nint ts_flip(nint t, long* d, int n);
    [LibraryImport(Library)] internal static partial nint ts_roll(nint t, long* s, int n, long* d, int m);
    [LibraryImport(Library)] internal static partial nint ts_transpose(nint t, long a, long b);
    [LibraryImport(Library)] internal static partial int ts_transpose_(nint t, long a, long b);
    [LibraryImport(Library)] internal static partial nint ts_flatten(nint t, long a, long b);
    [LibraryImport(Library)] internal static partial nint ts_unsqueeze(nint t, long d);
    [LibraryImport(Library)] internal static partial int ts_unsqueeze_(nint t, long d);
    [LibraryImport(Library)] internal static partial nint ts_squeeze_dim(nint t, long d);
    [LibraryImport(Library)] internal static partial int ts_squeeze_dim_(nint t, long d);
    [LibraryImport(Library)] internal static partial nint ts_repeat_interleave(nint t, long r, long* d, long* size);
    [LibraryImport(Library)] internal static partial nint ts_repeat_interleave_tensor(nint t, nint r, long* d, long* size);
    [LibraryImport(Library)] internal static partial nint ts_narrow(nint t, long d, long start, long length);
    [LibraryImport(Library)] internal static partial nint ts_select(nint t, long d, long i);
    [LibraryImport(Library)] internal static partial nint ts_slice(nint t, long d, long a, long b, long step);
    [LibraryImport(Library)] internal static partial nint ts_cat(nint* p, int n, long d);
    [LibraryImport(Library)] internal static partial nint ts_stack(nint* p, int n, long d);
    [LibraryImport(Library)] internal static partial nint ts_to_type(nint t, int type, int copy, int async);
    [LibraryImport(Library)] internal static partial nint ts_to_device(nint t, int dt, int di, int copy, int async);
    [LibraryImport(Library)] internal static partial nint ts_to(nint t, int type, int dt, int di, int copy, int async);
    [LibraryImport(Library)] internal static partial nint ts_pin_memory(nint t);
    [LibraryImport(Library)] internal static partial int ts_set_(nint t, nint source);
    [LibraryImport(Library)] internal static partial int ts_copy_(nint t, nint source, int async);
}
