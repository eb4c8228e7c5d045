using System.Runtime.InteropServices;

namespace TorchSharp;

// shim.cpp: random numbers.
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)] internal static partial nint ts_bernoulli(nint t, nint g);
    [LibraryImport(Library)] internal static partial int ts_bernoulli_(nint t, double p, nint g);
    [LibraryImport(Library)] internal static partial int ts_bernoulli_tensor_(nint t, nint p, nint g);
    [LibraryImport(Library)] internal static partial nint ts_multinomial(nint t, long n, int replacement, nint g);
    [LibraryImport(Library)] internal static partial int ts_normal_(nint t, double mean, double std, nint g);
    [LibraryImport(Library)] internal static partial int ts_uniform_(nint t, double from, double to, nint g);
    [LibraryImport(Library)] internal static partial nint ts_generator(ulong seed);
    [LibraryImport(Library)] internal static partial nint ts_generator_default();
    [LibraryImport(Library)] internal static partial void ts_generator_free(nint g);
    [LibraryImport(Library)] internal static partial nint ts_generator_state(nint g);
    [LibraryImport(Library)] internal static partial int ts_generator_set_state(nint g, nint state);
    [LibraryImport(Library)] internal static partial long ts_generator_initial_seed(nint g);
    [LibraryImport(Library)] internal static partial int ts_generator_manual_seed(nint g, long seed);
    [LibraryImport(Library)] internal static partial int ts_manual_seed(long seed, int device_type, int device_index);
}
