using static TorchSharp.NativeMethods;

namespace TorchSharp;

// Seeding the default generators.
public static partial class torch
{
    public static partial class random
    {
        public static long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        /// <summary>Seeds the CPU's generator. As in TorchSharp, the GPUs have their own: <see cref="cuda.manual_seed_all"/>.</summary>
        public static Generator manual_seed(long seed)
        {
            Check(ts_manual_seed(seed, (int)DeviceType.CPU, -1));
            return Generator.Default;
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }

    public static long seed() => random.seed();

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);
}
