using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Runs.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>How kernels of ours read and write tensors of libtorch.</summary>
internal static unsafe class KernelMemory
{
    // libtorch reads gradients after they are returned: they are freed when the next are computed, or with the scope of the backward pass.
    [ThreadStatic]
    private static List<Tensor>? _returned;

    /// <summary>Values [N, C, H, W] that lie channels last, in the order in which they lie in memory, [N, H, W, C].</summary>
    public static Tensor InOrder(Tensor x) => x.permute(0, 2, 3, 1);

    /// <summary>Whether kernels can read values [N, C, H, W]: on the processor, of a type that they know, channels last.</summary>
    public static bool CanRead(Tensor x)
    {
        if (!LibtorchThreads.AreFound || x.device_type != DeviceType.CPU || x.dtype is not (ScalarType.Float32 or ScalarType.BFloat16)
            || x.dim() != 4)
            return false;
        using var inOrder = InOrder(x);
        return inOrder.is_contiguous();
    }

    /// <summary>The first of the values that lie channels last.</summary>
    public static void* InOrderPointer(Tensor x) => Pointer(InOrder(x));

    /// <summary>The first of a contiguous tensor's values.</summary>
    public static void* Pointer(Tensor values)
    {
        // TorchSharp gives up to 2 GB of a tensor's memory at once.
        var first = values.numel() * values.element_size() > int.MaxValue ? values.view(-1).narrow(0, 0, 1) : values;
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>
    /// The first number of a weight [filters, channels, height, width] of 32 bits, whose channels lie together: part of a larger weight
    /// where it lies, or else a copy that belongs to the current scope.
    /// </summary>
    /// <param name="weight">The weight.</param>
    /// <param name="filter">How far apart two filters lie.</param>
    /// <param name="part">How far apart two parts of a filter lie.</param>
    public static float* Filters(Tensor weight, out nint filter, out nint part)
    {
        var (shape, strides) = (weight.shape, weight.stride());
        var (height, width) = (shape[2], shape[3]);
        (filter, part) = ((nint)strides[0], (nint)(width > 1 ? strides[3] : height > 1 ? strides[2] : shape[1]));
        if (strides[1] == 1 && (height == 1 || strides[2] == width * part))
            return Floats(weight.as_strided([1], [1], weight.storage_offset()));
        (filter, part) = ((nint)weight.numel() / (nint)shape[0], (nint)shape[1]);
        return Floats(InOrder(weight).contiguous());
    }

    /// <summary>Room for values [N, C, H, W] that lie channels last.</summary>
    public static Tensor ChannelsLast(long[] shape, ScalarType type) =>
        empty_strided(shape, [shape[1] * shape[2] * shape[3], 1, shape[1] * shape[3], shape[1]], type);

    /// <summary>The first of a contiguous tensor's 32-bit numbers; null for null.</summary>
    public static float* Floats(Tensor? numbers) => numbers is null ? null : (float*)Pointer(numbers);

    /// <summary>Room for 32-bit numbers, which belongs to the current scope.</summary>
    public static float* Room(long numbers) => Floats(empty(numbers, ScalarType.Float32));

    /// <summary>Frees what the last backward step returned.</summary>
    public static void FreeReturned()
    {
        foreach (var tensor in _returned ?? [])
            tensor?.Dispose();
        _returned = null;
    }

    /// <summary>What a backward step returns: gradients that outlive its scope, null for none.</summary>
    public static List<Tensor> Return(DisposeScope scope, params Tensor?[] gradients)
    {
        foreach (var gradient in gradients)
            if (gradient is not null)
                scope.MoveToOuter(gradient);
        // TorchSharp takes null for a gradient that there is not.
        return _returned = [.. gradients.Select(gradient => gradient!)];
    }
}
