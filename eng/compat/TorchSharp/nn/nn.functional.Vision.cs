using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)pad, mode, value);

            public static unsafe Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0)
            {
                fixed (long* p = pad)
                    return Tensor.Made(ts_pad(input.Handle, p, pad.Length, (int)mode, value), input);
            }

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Enumerable.Repeat(pad, (int)input.ndim * 2).ToArray(), mode, value);

            /// <summary>Resizes images [N, C, H, W]: nearest, bilinear, bicubic or area, to a size or by a factor.</summary>
            public static unsafe Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                if (x.ndim != 4 || antialias || mode is not (InterpolationMode.Nearest or InterpolationMode.Bilinear or InterpolationMode.Bicubic or InterpolationMode.Area))
                    throw new NotSupportedException("This stand-in of TorchSharp interpolates [N, C, H, W] only: nearest, bilinear, bicubic or area, without antialiasing.");
                if (size is null == scale_factor is null)
                    throw new ArgumentException("Give either a size or a scale factor.");
                var (h, w) = scale_factor is null ? (0, 0) : (scale_factor[0], scale_factor[^1]);
                long[] target = size is null ? [(long)(x.size(2) * h), (long)(x.size(3) * w)] : [size[0], size[^1]];
                if (mode == InterpolationMode.Area)
                    return adaptive_avg_pool2d(x, target);
                if (recompute_scale_factor)
                    (h, w) = (0, 0);
                fixed (long* s = target)
                    return Tensor.Made(ts_interpolate2d(x.Handle, s, (int)mode, align_corners is true ? 1 : 0, h, w), x);
            }
        }
    }
}
