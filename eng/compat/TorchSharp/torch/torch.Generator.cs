using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers. As in TorchSharp, it draws on the CPU whatever device it is told.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            _handle = ts_generator(seed);
            this.device = device ?? CPU;
        }

        private Generator(nint handle)
        {
            _handle = handle;
            device = CPU;
        }

        ~Generator() => Dispose(false);

        /// <summary>The generator used where none is given.</summary>
        public static Generator Default => new(ts_generator_default());

        public IntPtr Handle
        {
            get => _handle;
            private set => _handle = value;
        }

        public Device device { get; private set; }

        public Tensor get_state()
        {
            var state = Tensor.Made(ts_generator_state(_handle));
            GC.KeepAlive(this);
            return state;
        }

        public void set_state(Tensor value)
        {
            Check(ts_generator_set_state(_handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public Generator manual_seed(long seed)
        {
            Check(ts_generator_manual_seed(_handle, seed));
            return this;
        }

        /// <summary>Seeds from the clock, and says with what.</summary>
        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public long initial_seed() => ts_generator_initial_seed(_handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var h = Interlocked.Exchange(ref _handle, 0);
            if (h != 0)
                ts_generator_free(h);
        }
    }
}
