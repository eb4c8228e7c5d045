using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Gradients.
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => ts_requires_grad(Handle) != 0;
            set => Acted(ts_set_requires_grad(Handle, value ? 1 : 0));
        }

        public bool is_leaf => ts_is_leaf(Handle) != 0;

        /// <summary>The gradient so far, as a new object over the same memory, or null.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint gradient;
                Acted(ts_grad(Handle, &gradient));
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set => Acted(ts_set_grad(Handle, At(value)), value);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Acted(ts_retain_grad(Handle));

        public unsafe void backward()
        {
            var self = Handle;
            Acted(ts_backward(&self, 1, null, 0, 0, 0, null, 0));
        }

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
