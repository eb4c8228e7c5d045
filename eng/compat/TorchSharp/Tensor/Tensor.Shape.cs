using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Other shapes of the same elements.
    public partial class Tensor
    {
        public unsafe Tensor reshape(params long[] shape)
        {
            fixed (long* p = shape)
                return Made(ts_reshape(Handle, p, shape.Length), this);
        }

        public unsafe Tensor view(params long[] shape)
        {
            fixed (long* p = shape)
                return Made(ts_view(Handle, p, shape.Length), this);
        }

        public unsafe Tensor permute(params long[] permutation)
        {
            fixed (long* p = permutation)
                return Made(ts_permute(Handle, p, permutation.Length), this);
        }

        public unsafe Tensor repeat(params long[] sizes)
        {
            fixed (long* p = sizes)
                return Made(ts_repeat(Handle, p, sizes.Length), this);
        }

        public unsafe Tensor flip(params long[] dims)
        {
            fixed (long* p = dims)
                return Made(ts_flip(Handle, p, dims.Length), this);
        }

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes, isImplicit);
        public unsafe Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* p = sizes)
                return Made(ts_expand(Handle, p, sizes.Length, isImplicit ? 1 : 0), this);
        }
        public Tensor expand_as(Tensor other) => Made(ts_expand_as(Handle, other.Handle), this, other);
        public Tensor view_as(Tensor other) => Made(ts_view_as(Handle, other.Handle), this, other);

        public unsafe Tensor roll(long shifts, long? dims = null) => dims is { } dim ? roll([shifts], [dim]) : roll([shifts]);
        public Tensor roll(long[] shifts, long[] dims) => roll((ReadOnlySpan<long>)shifts, dims);
        public Tensor roll(long[] shifts) => roll((ReadOnlySpan<long>)shifts);
        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);
        public unsafe Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default)
        {
            fixed (long* s = shifts, d = dims)
                return Made(ts_roll(Handle, s, shifts.Length, d, dims.Length), this);
        }

        public Tensor t() => Made(ts_t(Handle), this);
        public Tensor transpose(long dim0, long dim1) => Made(ts_transpose(Handle, dim0, dim1), this);
        public Tensor transpose_(long dim0, long dim1) => Acted(ts_transpose_(Handle, dim0, dim1));
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Made(ts_flatten(Handle, start_dim, end_dim), this);
        public Tensor unsqueeze(long dim) => Made(ts_unsqueeze(Handle, dim), this);
        public Tensor unsqueeze_(long dim) => Acted(ts_unsqueeze_(Handle, dim));
        public Tensor squeeze(long? dim = null) => Made(dim is { } d ? ts_squeeze_dim(Handle, d) : ts_squeeze(Handle), this);
        public Tensor squeeze_(long? dim = null) => Acted(dim is { } d ? ts_squeeze_dim_(Handle, d) : ts_squeeze_(Handle));

        public unsafe Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            long d = dim ?? 0, size = output_size ?? 0;
            return Made(ts_repeat_interleave(Handle, repeats, dim is null ? null : &d, output_size is null ? null : &size), this);
        }
        public unsafe Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
        {
            long d = dim ?? 0, size = output_size ?? 0;
            var result = ts_repeat_interleave_tensor(Handle, repeats.Handle, dim is null ? null : &d, output_size is null ? null : &size);
            return Made(result, this, repeats);
        }

        public Tensor narrow(long dim, long start, long length) => Made(ts_narrow(Handle, dim, start, length), this);
        public Tensor select(long dim, long index) => Made(ts_select(Handle, dim, index), this);
        public Tensor slice(long dim, long start, long finish, long step) => Made(ts_slice(Handle, dim, start, finish, step), this);

        public Tensor clone() => Made(ts_clone(Handle), this);
        public Tensor contiguous() => Made(ts_contiguous(Handle), this);
        public Tensor alias() => Made(ts_alias(Handle), this);
        public Tensor detach() => Made(ts_detach(Handle), this);
        public Tensor detach_() => Acted(ts_detach_(Handle));
    }
}
