using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: making tensors.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial nint ts_zeros(long* s, int n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_ones(long* s, int n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_empty(long* s, int n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_full(long* s, int n, ScalarValue v, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_rand(long* s, int n, nint g, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_randn(long* s, int n, nint g, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_randint(long lo, long hi, long* s, int n, nint g, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_randperm(long n, nint g, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_arange(ScalarValue a, ScalarValue b, ScalarValue step, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_linspace(double a, double b, long n, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_eye(long n, long m, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_zeros_like(nint t, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_ones_like(nint t, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_empty_like(nint t, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_full_like(nint t, ScalarValue v, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_rand_like(nint t, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_randn_like(nint t, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_copy_of(nint data, long* s, int n, int dtype, TensorOptions o);
    [LibraryImport(Library)] internal static partial nint ts_over(nint data, long* s, int n, int dtype, delegate* unmanaged[Cdecl]<nint,
        void> release, nint context, TensorOptions o);
}
