using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Random numbers.
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Drawn(ts_bernoulli(Handle, At(generator)), generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            Drawn(ts_bernoulli_(Handle, p, At(generator)), generator, null);

        public Tensor bernoulli_(Tensor p, Generator? generator = null) =>
            Drawn(ts_bernoulli_tensor_(Handle, p.Handle, At(generator)), generator, p);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Drawn(ts_multinomial(Handle, num_samples, replacement ? 1 : 0, At(generator)), generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Drawn(ts_normal_(Handle, mean, std, At(generator)), generator, null);

        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Drawn(ts_uniform_(Handle, from, to, At(generator)), generator, null);

        internal static nint At(Generator? generator) => generator is null ? 0 : generator.Handle;

        private Tensor Drawn(nint result, Generator? generator)
        {
            GC.KeepAlive(generator);
            return Made(result, this);
        }

        private Tensor Drawn(int succeeded, Generator? generator, Tensor? operand)
        {
            GC.KeepAlive(generator);
            return Acted(succeeded, operand);
        }
    }
}
