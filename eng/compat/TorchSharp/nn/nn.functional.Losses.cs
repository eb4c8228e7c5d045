using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0)
            {
                var result = ts_cross_entropy(
                    input.Handle, target.Handle, Tensor.At(weight), ignore_index, (long)reduction, label_smoothing);
                return Tensor.Made(result, input, target, weight);
            }

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(ts_nll_loss(input.Handle, target.Handle, Tensor.At(weight), (long)reduction), input, target, weight);

            /// <summary>The Kullback-Leibler divergence. As in TorchSharp, and unlike PyTorch, the target is taken as logarithms unless told otherwise.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(ts_kl_div(input.Handle, target.Handle, log_target ? 1 : 0, (long)reduction), input, target);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Tensor.Made(ts_mse_loss(input.Handle, target.Handle, (long)reduction), input, target);
        }
    }
}
