using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: functions with gradients of their own.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int ts_function(
        nint* inputs, int ni, nint* outputs, int no, nint* saved, int ns, nint* dirty, int nd, nint* constant, int nc, int materialize,
        nint handle, delegate* unmanaged[Cdecl]<nint, nint*, int, nint*, int, nint*, int, int> backward,
        delegate* unmanaged[Cdecl]<nint, void> release, nint* results);
    [LibraryImport(Library)] internal static partial nint ts_share(nint t);
    [LibraryImport(Library)] internal static partial void ts_set_error(nint text);
}
