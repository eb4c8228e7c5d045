using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Elements by their place.
    public partial class Tensor
    {
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Get([i1]);
            set => Set([i1], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Get([i1, i2]);
            set => Set([i1, i2], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Get([i1, i2, i3]);
            set => Set([i1, i2, i3], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Get([i1, i2, i3, i4]);
            set => Set([i1, i2, i3, i4], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => Get(indices);
            set => Set(indices, value);
        }

        private Tensor Get(ReadOnlySpan<long> indices)
        {
            var result = indices.Length == 0 ? alias() : select(0, indices[0]);
            for (var i = 1; i < indices.Length; i++)
            {
                using var outer = result;
                result = outer.select(0, indices[i]);
            }
            return result;
        }

        private void Set(ReadOnlySpan<long> indices, Tensor value)
        {
            using var target = Get(indices);
            target.copy_(value);
        }

        public Tensor nonzero() => Made(ts_nonzero(Handle), this);
        public Tensor masked_select(Tensor mask) => Made(ts_masked_select(Handle, mask.Handle), this, mask);
        public Tensor masked_fill(Tensor mask, Scalar value) => Made(ts_masked_fill(Handle, mask.Handle, value.Value), this, mask);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Acted(ts_masked_fill_(Handle, mask.Handle, value.Value), mask);

        public Tensor index_select(long dim, Tensor index) => Made(ts_index_select(Handle, dim, index.Handle), this, index);
        public Tensor gather(long dim, Tensor index) => Made(ts_gather(Handle, dim, index.Handle), this, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Made(ts_scatter(Handle, dim, index.Handle, src.Handle), this, index,
            src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Acted(ts_scatter_(Handle, dim, index.Handle, src.Handle), index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) =>
            Made(ts_scatter_add(Handle, dim, index.Handle, src.Handle), this, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) =>
            Acted(ts_scatter_add_(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Made(ts_index_add(Handle, dim, Int64(index).Handle, source.Handle, alpha.Value), this, index, source);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Acted(ts_index_add_(Handle, dim, Int64(index).Handle, source.Handle, alpha.Value), index, source);
        public Tensor index_copy(long dim, Tensor index, Tensor source) =>
            Made(ts_index_copy(Handle, dim, Int64(index).Handle, source.Handle), this, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) =>
            Acted(ts_index_copy_(Handle, dim, Int64(index).Handle, source.Handle), index, source);

        private static Tensor Int64(Tensor index) => index.dtype == ScalarType.Int64
            ? index
            : throw new ArgumentException("Element type of 'index' must be 'Int64'");
    }
}
