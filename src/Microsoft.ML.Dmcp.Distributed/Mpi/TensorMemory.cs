using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Distributed.Mpi;

/// <summary>Where the elements of tensors lie.</summary>
internal static class TensorMemory
{
    /// <summary>Address of the first element of a contiguous tensor; good while the tensor is.</summary>
    /// <exception cref="ArgumentException">It is not contiguous, or of a type that is not exchanged.</exception>
    public static nint AddressOf(Tensor tensor)
    {
        if (!tensor.is_contiguous())
            throw new ArgumentException(
                $"A tensor of shape [{string.Join(", ", tensor.shape)}] is not contiguous: exchange tensor.contiguous().");
        var storage = tensor.dtype switch
        {
            ScalarType.Float32 => tensor.storage<float>().data_ptr(),
            ScalarType.Float64 => tensor.storage<double>().data_ptr(),
            ScalarType.Int64 => tensor.storage<long>().data_ptr(),
            _ => throw new ArgumentException($"Tensors of {tensor.dtype} are not exchanged; needed is Float32, Float64 or Int64."),
        };
        return storage + (nint)(tensor.storage_offset() * tensor.element_size());
    }
}
