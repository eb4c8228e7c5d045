using static TorchSharp.NativeMethods;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Batch normalization over the channels.</summary>
public abstract class BatchNorm : NormBase
{
    public BatchNorm(
        long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
        string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        var factor = momentum ?? 0;
        if (training && track_running_stats && num_batches_tracked is { } batches)
        {
            batches.add_(1);
            factor = momentum ?? 1.0 / (double)batches;
        }
        var useBatch = training || (running_mean is null && running_var is null);
        var pass = !training || track_running_stats;
        var (mean, variance) = pass ? (running_mean, running_var) : (null, null);
        var result = ts_batch_norm(
            input.Handle, Tensor.At(mean), Tensor.At(variance), Tensor.At(weight), Tensor.At(bias), useBatch ? 1 : 0, factor, eps);
        return Tensor.Made(result, input, mean, variance, weight, bias);
    }
}
