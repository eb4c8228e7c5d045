using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Comparisons, element by element. Test for null with "is null": == compares elements.
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Made(ts_eq(Handle, target.Handle), this, target);
        public Tensor eq(Scalar target) => Made(ts_eq_scalar(Handle, target.Value), this);
        public Tensor eq_(Tensor target) => Acted(ts_eq_(Handle, target.Handle), target);
        public Tensor eq_(Scalar target) => Acted(ts_eq_scalar_(Handle, target.Value));
        public Tensor ne(Tensor target) => Made(ts_ne(Handle, target.Handle), this, target);
        public Tensor ne(Scalar target) => Made(ts_ne_scalar(Handle, target.Value), this);
        public Tensor ne_(Tensor target) => Acted(ts_ne_(Handle, target.Handle), target);
        public Tensor ne_(Scalar target) => Acted(ts_ne_scalar_(Handle, target.Value));
        public Tensor lt(Tensor target) => Made(ts_lt(Handle, target.Handle), this, target);
        public Tensor lt(Scalar target) => Made(ts_lt_scalar(Handle, target.Value), this);
        public Tensor lt_(Tensor target) => Acted(ts_lt_(Handle, target.Handle), target);
        public Tensor lt_(Scalar target) => Acted(ts_lt_scalar_(Handle, target.Value));
        public Tensor le(Tensor target) => Made(ts_le(Handle, target.Handle), this, target);
        public Tensor le(Scalar target) => Made(ts_le_scalar(Handle, target.Value), this);
        public Tensor le_(Tensor target) => Acted(ts_le_(Handle, target.Handle), target);
        public Tensor le_(Scalar target) => Acted(ts_le_scalar_(Handle, target.Value));
        public Tensor gt(Tensor target) => Made(ts_gt(Handle, target.Handle), this, target);
        public Tensor gt(Scalar target) => Made(ts_gt_scalar(Handle, target.Value), this);
        public Tensor gt_(Tensor target) => Acted(ts_gt_(Handle, target.Handle), target);
        public Tensor gt_(Scalar target) => Acted(ts_gt_scalar_(Handle, target.Value));
        public Tensor ge(Tensor target) => Made(ts_ge(Handle, target.Handle), this, target);
        public Tensor ge(Scalar target) => Made(ts_ge_scalar(Handle, target.Value), this);
        public Tensor ge_(Tensor target) => Acted(ts_ge_(Handle, target.Handle), target);
        public Tensor ge_(Scalar target) => Acted(ts_ge_scalar_(Handle, target.Value));
        public Tensor logical_and(Tensor other) => Made(ts_logical_and(Handle, other.Handle), this, other);
        public Tensor logical_and_(Tensor other) => Acted(ts_logical_and_(Handle, other.Handle), other);
        public Tensor logical_or(Tensor other) => Made(ts_logical_or(Handle, other.Handle), this, other);
        public Tensor logical_or_(Tensor other) => Acted(ts_logical_or_(Handle, other.Handle), other);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            var close = ts_allclose(Handle, target.Handle, rtol, atol, equal_nan ? 1 : 0);
            GC.KeepAlive(this);
            GC.KeepAlive(target);
            if (close < 0)
                Throw();
            return close != 0;
        }

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);
    }
}
