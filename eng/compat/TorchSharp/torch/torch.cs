using System.Runtime.InteropServices;
using static TorchSharp.NativeMethods;

namespace TorchSharp;

/// <summary>The part of TorchSharp's API that this repository uses, over a libtorch of the system's or the user's choice.</summary>
public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(ts_version())!;

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Opens a scope on this thread: the tensors made from now on are freed when it is disposed of.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static int get_num_threads() => ts_get_num_threads();

    public static void set_num_threads(int num) => Check(ts_set_num_threads(num));

    public static int get_num_interop_threads() => ts_get_num_interop_threads();

    public static void set_num_interop_threads(int num) => Check(ts_set_num_interop_threads(num));
}
