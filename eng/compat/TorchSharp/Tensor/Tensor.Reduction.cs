using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Reductions and orderings.
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Made(ts_sum(Handle, Type(type)), this);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1, dim2], keepdim, type);
        public unsafe Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dim)
                return Made(ts_sum_dims(Handle, d, dim.Length, keepdim ? 1 : 0, Type(type)), this);
        }

        public Tensor mean() => Made(ts_mean(Handle), this);
        public unsafe Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dimensions)
                return Made(ts_mean_dims(Handle, d, dimensions.Length, keepdim ? 1 : 0, Type(type)), this);
        }

        public Tensor std(bool unbiased = true) => Made(ts_std(Handle, unbiased ? 1 : 0), this);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim,
            type);
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public unsafe Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var converted = type is { } wanted && wanted != dtype ? to_type(wanted) : null;
            var source = converted ?? this;
            fixed (long* d = dimensions)
                return Made(ts_std_dims(source.Handle, d, dimensions.Length, unbiased ? 1 : 0, keepdim ? 1 : 0), source);
        }

        public Tensor var(bool unbiased = true) => Made(ts_var(Handle, unbiased ? 1 : 0), this);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim,
            type);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public unsafe Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var converted = type is { } wanted && wanted != dtype ? to_type(wanted) : null;
            var source = converted ?? this;
            fixed (long* d = dimensions)
                return Made(ts_var_dims(source.Handle, d, dimensions.Length, unbiased ? 1 : 0, keepdim ? 1 : 0), source);
        }

        public Tensor prod(ScalarType? type = null) => Made(ts_prod(Handle, Type(type)), this);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Made(ts_prod_dim(Handle, dim, keepdim ? 1 : 0, Type(type)), this);
        public Tensor cumsum(long dim, ScalarType? type = null) => Made(ts_cumsum(Handle, dim, Type(type)), this);
        public Tensor cumprod(long dim, ScalarType? type = null) => Made(ts_cumprod(Handle, dim, Type(type)), this);
        public Tensor norm(float p = 2) => Made(ts_norm(Handle, p), this);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Made(ts_norm_dim(Handle, dim, keepdim ? 1 : 0, p), this);

        public Tensor max() => Made(ts_max(Handle), this);
        public Tensor max(Tensor other) => maximum(other);
        public unsafe (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            nint at = 0;
            var values = Made(ts_max_dim(Handle, dim, keepdim ? 1 : 0, &at), this);
            return (values, new Tensor(at));
        }
        public unsafe Tensor argmax() => Made(ts_argmax(Handle, null, 0), this);
        public unsafe Tensor argmax(long dim, bool keepdim = false) => Made(ts_argmax(Handle, &dim, keepdim ? 1 : 0), this);

        public Tensor min() => Made(ts_min(Handle), this);
        public Tensor min(Tensor other) => minimum(other);
        public unsafe (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            nint at = 0;
            var values = Made(ts_min_dim(Handle, dim, keepdim ? 1 : 0, &at), this);
            return (values, new Tensor(at));
        }
        public unsafe Tensor argmin() => Made(ts_argmin(Handle, null, 0), this);
        public unsafe Tensor argmin(long dim, bool keepdim = false) => Made(ts_argmin(Handle, &dim, keepdim ? 1 : 0), this);

        public Tensor all() => Made(ts_all(Handle), this);
        public Tensor all(long dim, bool keepdim = false) => Made(ts_all_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor any() => Made(ts_any(Handle), this);
        public Tensor any(long dim, bool keepdim = false) => Made(ts_any_dim(Handle, dim, keepdim ? 1 : 0), this);

        public Tensor argsort(long dim = -1, bool descending = false) => Made(ts_argsort_dim(Handle, dim, descending ? 1 : 0), this);

        public unsafe (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            nint at = 0;
            var values = Made(ts_sort(Handle, dim, descending ? 1 : 0, stable ? 1 : 0, &at), this);
            return (values, new Tensor(at));
        }

        public unsafe (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            nint at = 0;
            var values = Made(ts_topk(Handle, k, dim, largest ? 1 : 0, sorted ? 1 : 0, &at), this);
            return (values, new Tensor(at));
        }
    }
}
