using System.Runtime.Intrinsics;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The TorchSharp module that runs a description at any widths, with one set of weights shared by all: a sub-network takes the first
/// channels of every group. The pruned network is the same class over <see cref="NetworkDescription.AtWidths"/>.
/// Weights and buffers are named as torchvision names them (<c>layer1.0.conv1.weight</c>). It is made on its device and stays there.
/// </summary>
internal sealed class SlimmableNetwork : nn.Module<Tensor, Tensor>
{
    private const int LongestName = 4096;

    private readonly Operator[] _operators;
    private readonly int[][] _inputs;
    private readonly int[] _lastReader;
    private readonly Generator _generator;
    private readonly NetworkEmbedding _embedding;

    /// <summary>A network with fresh weights: convolutions by He et al. 2015 (fan-out), linear layers uniform in ±1/√fan-in.</summary>
    /// <param name="description">What to run.</param>
    /// <param name="device">Where.</param>
    /// <param name="random">Source of the weights.</param>
    /// <param name="dtype">Type of weights and values.</param>
    public SlimmableNetwork(NetworkDescription description, Device device, RandomSource random, ScalarType dtype = ScalarType.Float32)
        : this(description, device, dtype, random)
    {
    }

    private SlimmableNetwork(NetworkDescription description, Device device, ScalarType dtype, RandomSource? random)
        : base(nameof(SlimmableNetwork))
    {
        Description = description;
        Device = device;
        DataType = dtype;
        _inputs = description.Layers.Select(l => l.Inputs.ToArray()).ToArray();
        _lastReader = LastReaders();
        _embedding = new NetworkEmbedding(description, ChannelAlignment);
        _generator = new Generator(random is null ? 0 : random.NextUInt64() >> 1);
        try
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var factory = new OperatorFactory(description, device, dtype, ChannelAlignment, _generator, isBlank: random is null);
            _operators = factory.Create();
            foreach (var (name, parameter) in factory.Parameters)
                register_parameter(name, parameter);
            foreach (var (name, buffer) in factory.Buffers)
                register_buffer(name, buffer, true);
            // Whatever failed before took its tensors along; from here on the module owns them.
            scope.Detach([.. factory.Parameters.Select(p => p.Value), .. factory.Buffers.Select(b => b.Value)]);
        }
        catch
        {
            Dispose();
            throw;
        }
        OperatorFusion.Connect(_operators, _inputs);
    }

    /// <summary>
    /// A network whose weights come from elsewhere: all are 0, since drawing them would cost more time than reading them.
    /// </summary>
    /// <param name="description">What to run.</param>
    /// <param name="device">Where.</param>
    /// <param name="dtype">Type of weights and values.</param>
    public static SlimmableNetwork Blank(NetworkDescription description, Device device, ScalarType dtype = ScalarType.Float32) =>
        new(description, device, dtype, random: null);

    /// <summary>What it runs.</summary>
    public NetworkDescription Description { get; }

    /// <summary>Where its weights are.</summary>
    public Device Device { get; }

    /// <summary>
    /// Groups are computed in multiples of so many channels: the floats of a vector register on a processor, 8 (a tensor core's tile) on a
    /// GPU.
    /// </summary>
    public int ChannelAlignment => Device.type == DeviceType.CPU && Vector512.IsHardwareAccelerated ? 16 : 8;

    /// <summary>Length of the embedding at full widths.</summary>
    public int EmbeddingSize => _embedding.Size;

    /// <summary>Index of the layer whose first input is the embedding.</summary>
    public int EmbeddingReader => _embedding.Reader;

    /// <summary>
    /// The layer that begins fresh because the given weights of all others were trained on other classes; null where there is none.
    /// </summary>
    public string? FreshClassifier { get; set; }

    /// <summary>Type of its weights.</summary>
    public ScalarType DataType { get; }

    /// <summary>The scores of the unpruned network, [N, classes], with the statistics that the training mode asks for.</summary>
    public override Tensor forward(Tensor input) =>
        Run(input, new NetworkPass(training ? NormStatistics.BatchTracked : NormStatistics.Running, Dropout: training));

    /// <summary>The scores (logits), [N, classes].</summary>
    /// <param name="images">Normalised images, [N, C, H, W], best in channels-last order.</param>
    /// <param name="pass">At which widths, with which gates and statistics.</param>
    public Tensor Run(Tensor images, in NetworkPass pass) => Run(images, pass, null);

    /// <summary>The scores, and the features behind them (<see cref="NetworkEmbedding"/>), [N, <see cref="EmbeddingSize"/>].</summary>
    /// <param name="images">As for <see cref="Run(Tensor, in NetworkPass)"/>.</param>
    /// <param name="pass">At which widths, with which statistics.</param>
    public (Tensor Scores, Tensor Embedding) RunWithEmbedding(Tensor images, in NetworkPass pass)
    {
        Tensor? embedding = null;
        var (source, widths) = (_inputs[_embedding.Reader][0], pass.Widths);
        var scores = Run(images, pass, (layer, value) => embedding = layer == source ? _embedding.Of(value, widths) : embedding);
        return (scores, embedding!);
    }

    /// <summary>The scores; every value on the way is shown.</summary>
    /// <param name="images">As for <see cref="Run(Tensor, in NetworkPass)"/>.</param>
    /// <param name="pass">Likewise.</param>
    /// <param name="onValue">Gets the index of every layer, the input first, with its value, which a later layer may overwrite.</param>
    public Tensor Run(Tensor images, in NetworkPass pass, Action<int, Tensor>? onValue)
    {
        var values = new Tensor[_operators.Length + 1];
        values[0] = images;
        onValue?.Invoke(0, images);
        for (var i = 1; i < values.Length; i++)
        {
            var reads = _inputs[i];
            var inputs = new Tensor[reads.Length];
            for (var k = 0; k < inputs.Length; k++)
                inputs[k] = values[reads[k]];
            values[i] = _operators[i - 1].Run(inputs, pass);
            onValue?.Invoke(i, values[i]);
            // What nobody reads any more is let go at once; the gradient keeps what it needs by itself.
            foreach (var read in reads)
                if (read > 0 && _lastReader[read] == i && !ReferenceEquals(values[read], values[i]))
                    values[read].Dispose();
        }
        return values[^1].dim() > 2 ? values[^1].flatten(1) : values[^1];
    }

    /// <summary>Replaces the running statistics of batch norms by their means over the ranks.</summary>
    public void AverageStatistics(Ranks ranks)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var statistics = buffers().ToArray();
        if (statistics.Length == 0)
            return;
        var all = cat(statistics);
        ranks.Average(all);
        foreach (var (own, mean) in statistics.Zip(all.split(statistics.Select(s => s.numel()).ToArray())))
            own.copy_(mean);
    }

    /// <summary>Lets gradients flow into the weights (stage 1) or not (stage 2).</summary>
    public void TrainWeights(bool train)
    {
        foreach (var parameter in parameters())
            parameter.requires_grad = train;
    }

    /// <summary>The network of the given widths by itself, with the first channels of these weights and running statistics.</summary>
    /// <param name="widths">Width of every channel group.</param>
    /// <param name="random">Where its dropout comes from; not needed when it is not trained.</param>
    public SlimmableNetwork Slice(IReadOnlyList<int> widths, RandomSource? random = null) =>
        Slice(widths.Select(w => Enumerable.Range(0, w).ToArray()).ToArray(), random);

    /// <summary>The network of the kept channels by itself, with their weights and running statistics.</summary>
    /// <param name="kept">The kept channels of every channel group.</param>
    /// <param name="random">Where its dropout comes from; not needed when it is not trained.</param>
    public SlimmableNetwork Slice(IReadOnlyList<IReadOnlyList<int>> kept, RandomSource? random = null)
    {
        var slice = Blank(Description.AtWidths(kept.Select(k => k.Count).ToArray()), Device, DataType);
        slice.FreshClassifier = FreshClassifier;
        if (random is not null)
            slice.SeedDropout(random);
        var (sources, targets) = (state_dict(), slice.state_dict());
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 1; i < Description.Layers.Count; i++)
        {
            var layer = Description.Layers[i];
            var (input, output) = (Description.Shapes[layer.Inputs[0]].IndicesOf(kept), Description.Shapes[i].IndicesOf(kept));
            foreach (var name in (string[])["weight", "bias", "running_mean", "running_var"])
            {
                if (!sources.TryGetValue($"{layer.Name}.{name}", out var source))
                    continue;
                var part = source.index_select(0, tensor(output).to(Device));
                if (source.dim() > 1 && layer is not ConvLayer { IsDense: false })
                    part = part.index_select(1, tensor(input).to(Device));
                targets[$"{layer.Name}.{name}"].copy_(part);
            }
        }
        return slice;
    }

    private void SeedDropout(RandomSource random)
    {
        using var scope = NewDisposeScope();
        using var seeded = new Generator(random.NextUInt64() >> 1);
        _generator.set_state(seeded.get_state());
    }

    /// <summary>Writes weights and running statistics, as TorchSharp's <c>save</c> does.</summary>
    public void SaveWeights(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write7BitEncodedInt(state.Count);
        foreach (var (name, value) in state)
        {
            writer.Write(name);
            value.WriteTo(writer);
        }
    }

    /// <summary>Reads what <see cref="SaveWeights"/> wrote.</summary>
    /// <exception cref="ArgumentException">The weights are of another network.</exception>
    public void LoadWeights(BinaryReader reader)
    {
        var state = state_dict();
        var count = reader.Read7BitEncodedInt();
        if (count != state.Count)
            throw new ArgumentException($"The network has {state.Count} tensors, the file {count}.", nameof(reader));
        for (var i = 0; i < count; i++)
        {
            if (!state.TryGetValue(reader.ReadText(LongestName), out var value))
                throw new ArgumentException($"Tensor {i + 1} of the file has a name that none of the network has.", nameof(reader));
            value.ReadFrom(reader);
        }
    }

    /// <summary>Writes the state of the generator that dropout draws from.</summary>
    public void SaveDropout(BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        var state = _generator.get_state().data<byte>().ToArray();
        writer.Write(state.Length);
        writer.Write(state);
    }

    /// <summary>Reads what <see cref="SaveDropout"/> wrote.</summary>
    public void LoadDropout(BinaryReader reader)
    {
        using var scope = NewDisposeScope();
        // What libtorch refuses ends the process: it throws where nobody can catch it.
        var (length, needed) = (reader.ReadInt32(), _generator.get_state().numel());
        if (length != needed)
            throw new FormatException(
                FormattableString.Invariant($"the state of its random generator has {length} bytes; this libtorch needs {needed}."));
        var state = reader.ReadBytes(length);
        if (state.Length != length || !IsMersenneTwister(state))
            throw new FormatException("the state of its random generator cannot be.");
        _generator.set_state(tensor(state));
    }

    /// <summary>What libtorch asks of a state: seed (8 bytes), numbers left (4), whether it is seeded (4), the next one (8).</summary>
    private static bool IsMersenneTwister(ReadOnlySpan<byte> state)
    {
        const int numbers = 624;
        return state.Length >= 24
            && BitConverter.ToInt32(state[8..]) is > 0 and <= numbers
            && BitConverter.ToInt32(state[12..]) == 1
            && BitConverter.ToUInt64(state[16..]) <= numbers;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _generator.Dispose();
        base.Dispose(disposing);
    }

    private int[] LastReaders()
    {
        var last = new int[_inputs.Length];
        for (var i = 0; i < _inputs.Length; i++)
            foreach (var input in _inputs[i])
                last[input] = i;
        return last;
    }
}
