using System.Numerics;
using Microsoft.ML.Dmcp.Runs.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// A step of SGD with Nesterov momentum m in one pass over a weight: d = s·g + λw, v ← mv + d, w ← w − η(d + mv), g ← 0. libtorch,
/// operation by operation, reads and writes every number 15 times; here it is 6 times.
/// </summary>
internal static unsafe class MomentumStep
{
    // Weights that a thread takes at a time.
    private const int ChunkLength = 1 << 15;

    private struct Job
    {
        public float* Weight, Gradient, Velocity;
        public float Factor, Decay, Momentum, Rate;
        public nint Count;
    }

    /// <summary>Takes the step, and tells whether it could: elsewhere than on the processor, libtorch has to.</summary>
    /// <param name="weight">w, of 32 bits.</param>
    /// <param name="gradient">g, of w's shape and order.</param>
    /// <param name="velocity">v, likewise.</param>
    /// <param name="factor">s, by which the gradient is shortened; a number.</param>
    /// <param name="decay">λ.</param>
    /// <param name="momentum">m.</param>
    /// <param name="rate">η.</param>
    public static bool TryRun(
        Tensor weight, Tensor gradient, Tensor velocity, Tensor? factor, double decay, double momentum, double rate)
    {
        if (!LibtorchThreads.AreFound || !IsOnProcessor(weight) || !IsOnProcessor(gradient) || !IsOnProcessor(velocity))
            return false;
        using var scope = NewDisposeScope();
        Tensor[] all = [weight, gradient, velocity];
        if (!all.All(t => t.is_contiguous()))
        {
            if (weight.dim() != 4)
                return false;
            all = [.. all.Select(KernelMemory.InOrder)];
            if (!all.All(t => t.is_contiguous()))
                return false;
        }
        var job = new Job
        {
            Weight = KernelMemory.Floats(all[0]),
            Gradient = KernelMemory.Floats(all[1]),
            Velocity = KernelMemory.Floats(all[2]),
            Factor = factor?.item<float>() ?? 1,
            Decay = (float)decay,
            Momentum = (float)momentum,
            Rate = (float)rate,
            Count = (nint)weight.numel(),
        };
        LibtorchThreads.Run((int)Multiples.Units(job.Count, ChunkLength), &Step, &job);
        return true;
    }

    private static bool IsOnProcessor(Tensor numbers) => numbers.device_type == DeviceType.CPU && numbers.dtype == ScalarType.Float32;

    private static void Step(void* data, int chunk)
    {
        var job = (Job*)data;
        var first = (nint)chunk * ChunkLength;
        var end = Math.Min(job->Count, first + ChunkLength);
        Vector<float> factors = new(job->Factor), decays = new(job->Decay), momenta = new(job->Momentum), rates = new(-job->Rate);
        for (; first <= end - Vector<float>.Count; first += Vector<float>.Count)
        {
            var w = Vector.Load(job->Weight + first);
            var d = Vector.FusedMultiplyAdd(decays, w, factors * Vector.Load(job->Gradient + first));
            var v = Vector.FusedMultiplyAdd(momenta, Vector.Load(job->Velocity + first), d);
            v.Store(job->Velocity + first);
            Vector.FusedMultiplyAdd(rates, Vector.FusedMultiplyAdd(momenta, v, d), w).Store(job->Weight + first);
            Vector<float>.Zero.Store(job->Gradient + first);
        }
        for (; first < end; first++)
        {
            var d = MathF.FusedMultiplyAdd(job->Decay, job->Weight[first], job->Factor * job->Gradient[first]);
            var v = MathF.FusedMultiplyAdd(job->Momentum, job->Velocity[first], d);
            job->Velocity[first] = v;
            job->Weight[first] = MathF.FusedMultiplyAdd(-job->Rate, MathF.FusedMultiplyAdd(job->Momentum, v, d), job->Weight[first]);
            job->Gradient[first] = 0;
        }
    }
}
