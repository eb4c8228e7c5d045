using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Element by element: functions and activations.
    public partial class Tensor
    {
        public Tensor abs() => Made(ts_abs(Handle), this);
        public Tensor abs_() => Acted(ts_abs_(Handle));
        public Tensor neg() => Made(ts_neg(Handle), this);
        public Tensor neg_() => Acted(ts_neg_(Handle));
        public Tensor sign() => Made(ts_sign(Handle), this);
        public Tensor sign_() => Acted(ts_sign_(Handle));
        public Tensor reciprocal() => Made(ts_reciprocal(Handle), this);
        public Tensor reciprocal_() => Acted(ts_reciprocal_(Handle));
        public Tensor exp() => Made(ts_exp(Handle), this);
        public Tensor exp_() => Acted(ts_exp_(Handle));
        public Tensor log() => Made(ts_log(Handle), this);
        public Tensor log_() => Acted(ts_log_(Handle));
        public Tensor log1p() => Made(ts_log1p(Handle), this);
        public Tensor log1p_() => Acted(ts_log1p_(Handle));
        public Tensor sqrt() => Made(ts_sqrt(Handle), this);
        public Tensor sqrt_() => Acted(ts_sqrt_(Handle));
        public Tensor rsqrt() => Made(ts_rsqrt(Handle), this);
        public Tensor rsqrt_() => Acted(ts_rsqrt_(Handle));
        public Tensor sigmoid() => Made(ts_sigmoid(Handle), this);
        public Tensor sigmoid_() => Acted(ts_sigmoid_(Handle));
        public Tensor tanh() => Made(ts_tanh(Handle), this);
        public Tensor tanh_() => Acted(ts_tanh_(Handle));
        public Tensor relu() => Made(ts_relu(Handle), this);
        public Tensor relu_() => Acted(ts_relu_(Handle));
        public Tensor logical_not() => Made(ts_logical_not(Handle), this);
        public Tensor logical_not_() => Acted(ts_logical_not_(Handle));
        public Tensor floor() => Made(ts_floor(Handle), this);
        public Tensor floor_() => Acted(ts_floor_(Handle));
        public Tensor ceil() => Made(ts_ceil(Handle), this);
        public Tensor ceil_() => Acted(ts_ceil_(Handle));
        public Tensor square() => Made(ts_square(Handle), this);
        public Tensor isfinite() => Made(ts_isfinite(Handle), this);
        public Tensor isnan() => Made(ts_isnan(Handle), this);
        public Tensor silu() => Made(ts_silu(Handle), this);
        public Tensor silu_() => Acted(ts_silu_(Handle));
        public Tensor hardswish() => Made(ts_hardswish(Handle), this);
        public Tensor hardswish_() => Acted(ts_hardswish_(Handle));
        public Tensor hardsigmoid() => Made(ts_hardsigmoid(Handle), this);
        public Tensor hardsigmoid_() => Acted(ts_hardsigmoid_(Handle));
        public Tensor relu6() => Made(ts_relu6(Handle), this);
        public Tensor relu6_() => Acted(ts_relu6_(Handle));
        public Tensor gelu() => Made(ts_gelu(Handle, 0), this);
        public Tensor hardtanh(Scalar min, Scalar max) => Made(ts_hardtanh(Handle, min.Value, max.Value), this);
        public Tensor hardtanh_(Scalar min, Scalar max) => Acted(ts_hardtanh_(Handle, min.Value, max.Value));
        public Tensor leaky_relu(Scalar negative_slope) => Made(ts_leaky_relu(Handle, negative_slope.Value), this);
        public Tensor leaky_relu_(Scalar negative_slope) => Acted(ts_leaky_relu_(Handle, negative_slope.Value));
        public Tensor softplus(double beta = 1, double threshold = 20) =>
            Made(ts_softplus(Handle, ScalarValue.Of(beta), ScalarValue.Of(threshold)), this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Made(ts_softmax(Handle, dim, Type(dtype)), this);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Made(ts_log_softmax(Handle, dim, Type(dtype)), this);

        internal static int Type(ScalarType? dtype) => dtype is { } type ? (int)type : -1;
    }
}
