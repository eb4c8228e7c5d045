using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Dmcp.Transfer;

/// <summary>
/// Milliseconds of an image in ONNX Runtime, on one thread, one image at a time. The networks take turns, so that whatever else the machine
/// does meets all of them.
/// </summary>
/// <param name="Measured">The parts whose networks are measured.</param>
internal sealed record LatencyPart(IReadOnlyList<Part> Measured) : TransferPart("latency", 0)
{
    private const int Turns = 30, ImagesOfATurn = 20;

    public override object Run(Workshop workshop, CancellationToken cancellation)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        var sessions = Measured.ToDictionary(part => part.Id, part => new InferenceSession(workshop.OnnxFile(part), options));
        var times = sessions.Keys.ToDictionary(id => id, _ => new List<double>());
        int[] shape = [1, 3, workshop.Settings.ImageSize, workshop.Settings.ImageSize];
        NamedOnnxValue[] input = [NamedOnnxValue.CreateFromTensor("pixels", new DenseTensor<float>(shape))];
        for (var turn = 0; turn <= Turns; turn++)
            foreach (var (id, session) in sessions)
            {
                cancellation.ThrowIfCancellationRequested();
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < ImagesOfATurn; i++)
                    session.Run(input).Dispose();
                // The first turn loads and compiles.
                if (turn > 0)
                    times[id].Add(watch.Elapsed.TotalMilliseconds / ImagesOfATurn);
            }
        foreach (var session in sessions.Values)
            session.Dispose();
        return times.ToDictionary(t => t.Key, t => t.Value.Order().ElementAt(t.Value.Count / 2));
    }
}
