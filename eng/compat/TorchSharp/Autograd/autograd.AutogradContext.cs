namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function's forward leaves to its backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object?> _data = [];
            private List<Tensor> _unpacked = [];

            internal AutogradContext()
            {
            }

            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> Saved { get; private set; } = [];
            internal List<Tensor> Dirty { get; private set; } = [];
            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            public void save_for_backward(List<Tensor> tensors) => Saved = tensors;

            public void save_data(string key, object value) => _data[key] = value;

            public object? get_data(string key) => _data.GetValueOrDefault(key);

            public void mark_dirty(List<Tensor> tensors) => Dirty = tensors.ToList();

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = tensors.ToList();

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>What forward saved; to be asked in backward.</summary>
            public List<Tensor> get_saved_variables() => _unpacked;

            internal void Unpack(List<Tensor> saved) => _unpacked = saved;

            /// <summary>Lets go of what forward left here: libtorch keeps what backward needs.</summary>
            internal void Forget() => (Saved, Dirty, NonDifferentiable) = ([], [], []);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }
        }
    }
}
