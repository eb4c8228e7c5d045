using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs;

/// <summary>
/// Operations of tensors and numbers for the training loop. TorchSharp makes a native object of every number that an operation is given
/// (also of the factor 1 of <c>add(tensor)</c>) and leaves it to the garbage collector. Hundreds of them an iteration lay between the
/// tensors on the heap until then and kept their memory from being reused: memory grew to four times of what is needed. Here they are
/// freed at once.
/// </summary>
internal static class Scalars
{
    public static Scalar Zero { get; } = 0;

    public static Scalar One { get; } = 1;

    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, One);

    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.add(scalar);
    }

    public static Tensor Minus(this Tensor tensor, double number) => tensor.Plus(-number);

    public static Tensor Times(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.mul(scalar);
    }

    public static Tensor DividedBy(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.div(scalar);
    }

    public static Tensor AtLeast(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.clamp_min(scalar);
    }

    /// <summary>1 where the element is greater, else 0, in the tensor's type.</summary>
    public static Tensor IsGreater(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.gt(scalar).to(tensor.dtype);
    }

    /// <summary>1 where the element is greater or equal, else 0, in the tensor's type.</summary>
    public static Tensor IsGreaterOrEqual(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.ge(scalar).to(tensor.dtype);
    }

    /// <summary>1 where the element is less, else 0, in the tensor's type.</summary>
    public static Tensor IsLess(this Tensor tensor, double number)
    {
        using Scalar scalar = number;
        return tensor.lt(scalar).to(tensor.dtype);
    }
}
