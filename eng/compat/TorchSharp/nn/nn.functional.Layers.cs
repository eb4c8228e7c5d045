using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Tensor.Made(ts_linear(input.Handle, weights.Handle, Tensor.At(bias)), input, weights, bias);

            public static unsafe Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1)
            {
                fixed (long* s = strides ?? One, p = padding ?? Zero, d = dilation ?? One)
                {
                    var result = ts_conv2d(
                        input.Handle, weight.Handle, Tensor.At(bias),
                        s, strides?.Length ?? 1, p, padding?.Length ?? 1, d, dilation?.Length ?? 1, groups);
                    return Tensor.Made(result, input, weight, bias);
                }
            }

            public static unsafe Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid,
                long[]? dilation = null, long groups = 1)
            {
                fixed (long* s = strides ?? One, d = dilation ?? One)
                {
                    var result = ts_conv2d_padding(
                        input.Handle, weight.Handle, Tensor.At(bias),
                        s, strides?.Length ?? 1, padding == Padding.Same ? 1 : 0, d, dilation?.Length ?? 1, groups);
                    return Tensor.Made(result, input, weight, bias);
                }
            }

            /// <summary>
            /// Batch normalization; while training it updates the running statistics in place. As in TorchSharp before 0.104, which ML.NET 5
            /// brings along, there is none without them.
            /// </summary>
            public static Tensor batch_norm(
                Tensor input, Tensor running_mean, Tensor running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05)
            {
                var result = ts_batch_norm(
                    input.Handle, running_mean.Handle, running_var.Handle, Tensor.At(weight), Tensor.At(bias),
                    training ? 1 : 0, momentum, eps);
                return Tensor.Made(result, input, running_mean, running_var, weight, bias);
            }

            public static Tensor one_hot(Tensor x, long num_classes = -1) =>
                Tensor.Made(ts_one_hot(x.Handle, num_classes), x);

            private static readonly long[] One = [1];
            private static readonly long[] Zero = [0];
        }
    }
}
