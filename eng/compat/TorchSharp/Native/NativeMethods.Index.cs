using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: indexing.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial nint ts_index_select(nint t, long d, nint index);
    [LibraryImport(Library)] internal static partial nint ts_gather(nint t, long d, nint index);
    [LibraryImport(Library)] internal static partial nint ts_scatter(nint t, long d, nint index, nint src);
    [LibraryImport(Library)] internal static partial int ts_scatter_(nint t, long d, nint index, nint src);
    [LibraryImport(Library)] internal static partial nint ts_scatter_add(nint t, long d, nint index, nint src);
    [LibraryImport(Library)] internal static partial int ts_scatter_add_(nint t, long d, nint index, nint src);
    [LibraryImport(Library)] internal static partial nint ts_index_add(nint t, long d, nint index, nint src, ScalarValue a);
    [LibraryImport(Library)] internal static partial int ts_index_add_(nint t, long d, nint index, nint src, ScalarValue a);
    [LibraryImport(Library)] internal static partial nint ts_index_copy(nint t, long d, nint index, nint src);
    [LibraryImport(Library)] internal static partial int ts_index_copy_(nint t, long d, nint index, nint src);
    [LibraryImport(Library)] internal static partial nint ts_masked_fill(nint t, nint mask, ScalarValue v);
    [LibraryImport(Library)] internal static partial int ts_masked_fill_(nint t, nint mask, ScalarValue v);
}
