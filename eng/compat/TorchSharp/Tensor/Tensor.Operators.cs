using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Arithmetic operators.
    public partial class Tensor
    {
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator +(Tensor left, int right) => Made(ts_add_scalar(left.Handle, ScalarValue.Of((long)right),
            ScalarValue.One), left);
        public static Tensor operator +(Tensor left, long right) => Made(ts_add_scalar(left.Handle, ScalarValue.Of(right),
            ScalarValue.One), left);
        public static Tensor operator +(Tensor left, float right) => Made(ts_add_scalar(left.Handle, ScalarValue.Of((double)right),
            ScalarValue.One), left);
        public static Tensor operator +(Tensor left, double right) => Made(ts_add_scalar(left.Handle, ScalarValue.Of(right),
            ScalarValue.One), left);
        public static Tensor operator +(int left, Tensor right) => right + left;
        public static Tensor operator +(long left, Tensor right) => right + left;
        public static Tensor operator +(float left, Tensor right) => right + left;
        public static Tensor operator +(double left, Tensor right) => right + left;

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator *(Tensor left, int right) => Made(ts_mul_scalar(left.Handle, ScalarValue.Of((long)right)), left);
        public static Tensor operator *(Tensor left, long right) => Made(ts_mul_scalar(left.Handle, ScalarValue.Of(right)), left);
        public static Tensor operator *(Tensor left, float right) => Made(ts_mul_scalar(left.Handle, ScalarValue.Of((double)right)), left);
        public static Tensor operator *(Tensor left, double right) => Made(ts_mul_scalar(left.Handle, ScalarValue.Of(right)), left);
        public static Tensor operator *(int left, Tensor right) => right * left;
        public static Tensor operator *(long left, Tensor right) => right * left;
        public static Tensor operator *(float left, Tensor right) => right * left;
        public static Tensor operator *(double left, Tensor right) => right * left;

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => Minus(left.Value, right);
        public static Tensor operator -(Tensor left, int right) => Made(ts_sub_scalar(left.Handle, ScalarValue.Of((long)right)), left);
        public static Tensor operator -(Tensor left, long right) => Made(ts_sub_scalar(left.Handle, ScalarValue.Of(right)), left);
        public static Tensor operator -(Tensor left, float right) => Made(ts_sub_scalar(left.Handle, ScalarValue.Of((double)right)), left);
        public static Tensor operator -(Tensor left, double right) => Made(ts_sub_scalar(left.Handle, ScalarValue.Of(right)), left);
        public static Tensor operator -(int left, Tensor right) => Minus(ScalarValue.Of((long)left), right);
        public static Tensor operator -(long left, Tensor right) => Minus(ScalarValue.Of(left), right);
        public static Tensor operator -(float left, Tensor right) => Minus(ScalarValue.Of((double)left), right);
        public static Tensor operator -(double left, Tensor right) => Minus(ScalarValue.Of(left), right);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right) => Over(left.Value, right);
        public static Tensor operator /(Tensor left, int right) => Made(ts_div_scalar(left.Handle, ScalarValue.Of((long)right), 0), left);
        public static Tensor operator /(Tensor left, long right) => Made(ts_div_scalar(left.Handle, ScalarValue.Of(right), 0), left);
        public static Tensor operator /(Tensor left, float right) => Made(ts_div_scalar(left.Handle, ScalarValue.Of((double)right), 0),
            left);
        public static Tensor operator /(Tensor left, double right) => Made(ts_div_scalar(left.Handle, ScalarValue.Of(right), 0), left);
        public static Tensor operator /(int left, Tensor right) => Over(ScalarValue.Of((long)left), right);
        public static Tensor operator /(long left, Tensor right) => Over(ScalarValue.Of(left), right);
        public static Tensor operator /(float left, Tensor right) => Over(ScalarValue.Of((double)left), right);
        public static Tensor operator /(double left, Tensor right) => Over(ScalarValue.Of(left), right);

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        public static Tensor operator %(Tensor left, int right) => left.remainder(right.ToScalar());
        public static Tensor operator %(Tensor left, long right) => left.remainder(right.ToScalar());
        public static Tensor operator %(Tensor left, float right) => left.remainder(right.ToScalar());
        public static Tensor operator %(Tensor left, double right) => left.remainder(right.ToScalar());

        private static Tensor Minus(ScalarValue left, Tensor right)
        {
            using var negative = right.neg();
            return Made(ts_add_scalar(negative.Handle, left, ScalarValue.One));
        }

        private static Tensor Over(ScalarValue left, Tensor right)
        {
            using var inverse = right.reciprocal();
            return Made(ts_mul_scalar(inverse.Handle, left));
        }
    }
}
