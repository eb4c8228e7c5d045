using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp;

/// <summary>The C ABI of native/shim.cpp. Which function does what stands there.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "libTorchSharpShim";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return 0;
        var folder = Path.GetDirectoryName(assembly.Location);
        var path = Path.Combine(string.IsNullOrEmpty(folder) ? AppContext.BaseDirectory : folder, name + ".so");
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException(
                $"The native part of this TorchSharp stand-in could not be loaded from {path}. It needs the libtorch it was built with: " +
                "install libtorch-dev (eng/setup.sh does), or set DMCP_TORCH_ROOT to another libtorch and rebuild. " + e.Message, e);
        }
    }

    /// <summary>Throws what libtorch said last on this thread.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Throw()
    {
        var text = Marshal.PtrToStringUTF8(ts_error());
        throw new ExternalException(string.IsNullOrEmpty(text) ? "libtorch returned no tensor." : text);
    }

    /// <summary>Throws unless the native function succeeded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(int succeeded)
    {
        if (succeeded == 0)
            Throw();
    }
}
