using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Arithmetic with a tensor or a scalar, and matrix products.
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Made(ts_add(Handle, target.Handle, ScalarValue.One), this, target);
        public Tensor add(Tensor target, Scalar alpha) => Made(ts_add(Handle, target.Handle, alpha.Value), this, target);
        public Tensor add(Scalar scalar) => Made(ts_add_scalar(Handle, scalar.Value, ScalarValue.One), this);
        public Tensor add(Scalar scalar, Scalar alpha) => Made(ts_add_scalar(Handle, scalar.Value, alpha.Value), this);
        public Tensor add_(Tensor target) => Acted(ts_add_(Handle, target.Handle, ScalarValue.One), target);
        public Tensor add_(Tensor target, Scalar alpha) => Acted(ts_add_(Handle, target.Handle, alpha.Value), target);
        public Tensor add_(Scalar scalar) => Acted(ts_add_scalar_(Handle, scalar.Value, ScalarValue.One));
        public Tensor add_(Scalar scalar, Scalar alpha) => Acted(ts_add_scalar_(Handle, scalar.Value, alpha.Value));

        public Tensor sub(Tensor target) => Made(ts_sub(Handle, target.Handle), this, target);
        public Tensor sub(Scalar target) => Made(ts_sub_scalar(Handle, target.Value), this);
        public Tensor sub_(Tensor target) => Acted(ts_sub_(Handle, target.Handle), target);
        public Tensor sub_(Scalar target) => Acted(ts_sub_scalar_(Handle, target.Value));

        public Tensor mul(Tensor target) => Made(ts_mul(Handle, target.Handle), this, target);
        public Tensor mul(Scalar target) => Made(ts_mul_scalar(Handle, target.Value), this);
        public Tensor mul_(Tensor target) => Acted(ts_mul_(Handle, target.Handle), target);
        public Tensor mul_(Scalar target) => Acted(ts_mul_scalar_(Handle, target.Value));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(ts_div(Handle, target.Handle, (int)rounding_mode), this, target);
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Made(ts_div_scalar(Handle, target.Value,
            (int)rounding_mode), this);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Acted(ts_div_(Handle, target.Handle, (int)rounding_mode), target);
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Acted(ts_div_scalar_(Handle, target.Value,
            (int)rounding_mode));

        public Tensor pow(Tensor exponent) => Made(ts_pow(Handle, exponent.Handle), this, exponent);
        public Tensor pow(Scalar exponent) => Made(ts_pow_scalar(Handle, exponent.Value), this);
        public Tensor pow_(Tensor exponent) => Acted(ts_pow_(Handle, exponent.Handle), exponent);
        public Tensor pow_(Scalar exponent) => Acted(ts_pow_scalar_(Handle, exponent.Value));

        public Tensor remainder(Tensor target) => Made(ts_remainder(Handle, target.Handle), this, target);
        public Tensor remainder(Scalar scalar) => Made(ts_remainder_scalar(Handle, scalar.Value), this);
        public Tensor remainder_(Tensor target) => Acted(ts_remainder_(Handle, target.Handle), target);
        public Tensor remainder_(Scalar scalar) => Acted(ts_remainder_scalar_(Handle, scalar.Value));

        public Tensor maximum(Tensor other) => Made(ts_maximum(Handle, other.Handle), this, other);
        public Tensor minimum(Tensor other) => Made(ts_minimum(Handle, other.Handle), this, other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Made(ts_clamp(Handle, Maybe(min), Maybe(max)), this);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Acted(ts_clamp_(Handle, Maybe(min), Maybe(max)));
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Made(ts_clamp_tensor(Handle, At(min), At(max)), this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Acted(ts_clamp_tensor_(Handle, At(min), At(max)), min, max);
        public Tensor clamp_min(Scalar min) => Made(ts_clamp_min_scalar(Handle, min.Value), this);
        public Tensor clamp_min_(Scalar min) => Acted(ts_clamp_min_scalar_(Handle, min.Value));
        public Tensor clamp_max(Scalar max) => Made(ts_clamp_max_scalar(Handle, max.Value), this);
        public Tensor clamp_max_(Scalar max) => Acted(ts_clamp_max_scalar_(Handle, max.Value));

        public Tensor lerp(Tensor end, Tensor weight) => Made(ts_lerp(Handle, end.Handle, weight.Handle), this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Acted(ts_lerp_(Handle, end.Handle, weight.Handle), end, weight);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Made(ts_addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Acted(ts_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Made(ts_addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Acted(ts_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        public Tensor matmul(Tensor target) => Made(ts_matmul(Handle, target.Handle), this, target);
        public Tensor mm(Tensor target) => Made(ts_mm(Handle, target.Handle), this, target);
        public Tensor bmm(Tensor batch2) => Made(ts_bmm(Handle, batch2.Handle), this, batch2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Made(ts_addmm(Handle, mat1.Handle, mat2.Handle, beta, alpha), this, mat1, mat2);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Acted(ts_addmm_(Handle, mat1.Handle, mat2.Handle, beta, alpha), mat1, mat2);
        public Tensor where(Tensor condition, Tensor y) => Made(ts_where(condition.Handle, Handle, y.Handle), this, condition, y);

        public Tensor fill_(Scalar value) => Acted(ts_fill_scalar_(Handle, Maybe(value)));
        public Tensor zero_() => Acted(ts_zero_(Handle));

        internal static ScalarValue Maybe(Scalar? scalar) => scalar is null ? ScalarValue.None : scalar.Value;
        internal static nint At(Tensor? tensor) => tensor is null ? 0 : tensor.Handle;
    }
}
