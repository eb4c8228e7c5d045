using CsCheck;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Tests.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Channels;

public sealed class MarkovModelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int> Layers => new(Enumerable.Range(0, Golden.Figures.MarkovLayer.Count));

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Layers))]
    public void Probabilities_of_the_search_are_those_of_the_authors_release(int index)
    {
        var expected = Golden.Figures.MarkovLayer[index];
        using var model = ModelOf(expected);
        AssertClose(expected.Transition, model.Transitions());
        AssertClose(expected.Marginal, model.Marginals());
        var widths = model.ExpectedWidths();
        AssertClose([expected.ExpectedChannels], widths);
        var allowed = new AllowedWidths(Network(expected.Channels));
        Assert.Equal([expected.ExpectedSampling.Rounded], allowed.Round(model.ExpectedWidthsOnHost()));
        widths.sum().backward();
        AssertClose(expected.ExpectedGradient, model.Alpha.grad!);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Gates_scale_channels_and_train_alpha_as_in_the_authors_release(int index)
    {
        var expected = Golden.Figures.MarkovLayer[index];
        using var model = ModelOf(expected);
        var input = linspace(-1, 1, 8 * expected.Channels, ScalarType.Float64).reshape(2, expected.Channels, 2, 2);
        var output = input.mul(model.Gates(model.Marginals()).view(1, -1, 1, 1));
        Assert.Equal(expected.Gate.SumOutput, output.sum().ToDouble(), 1e-6 * Math.Abs(expected.Gate.SumOutput));
        var squares = output.square().sum();
        Assert.Equal(expected.Gate.SumSquares, squares.ToDouble(), 1e-6 * expected.Gate.SumSquares);
        squares.backward();
        AssertClose(expected.Gate.SumSquaresGradient, model.Alpha.grad!);
    }

    [Theory]
    [InlineData(TransitionKind.Sigmoid, 0.5)]
    [InlineData(TransitionKind.Sigmoid, 0.2)]
    [InlineData(TransitionKind.Exponential, 0.5)]
    internal void Shift_meets_the_budget_and_keeps_what_was_learned_of_the_groups(TransitionKind kind, double share)
    {
        var network = TestImages.Network.Describe(3, 12, 12, 4);
        using var model = new MarkovModel(network, new WidthRange(), kind, ScalarType.Float64, CPU);
        model.Initialize(2, 0.5, new RandomSource(1));
        var limits = Budget.FlopsRatio(share).For(network, model.Grid.MinWidths);
        var before = model.AlphaOnHost();
        model.ShiftOnto(limits);
        Assert.Equal(1, limits.Use(model.ExpectedWidthsOnHost()), 1e-9);
        var after = model.AlphaOnHost();
        var shift = after[0, 0] - before[0, 0];
        foreach (var (was, now) in before.Cast<double>().Zip(after.Cast<double>()))
            Assert.True(now == 0 || Math.Abs(now - was - shift) < 1e-9);
        // The same as libtorch computes.
        AssertClose(model.ExpectedWidthsOnHost(), model.ExpectedWidths());
    }

    [Theory]
    [InlineData(TransitionKind.Sigmoid)]
    [InlineData(TransitionKind.Exponential)]
    internal void Steps_on_the_budget_end_where_every_group_gains_the_same_per_cost(TransitionKind kind)
    {
        // A channel of the first group costs about eight times one of the second.
        var net = new NetworkBuilder("cheap-and-dear", 3, 16, 16, 2);
        var dear = net.BatchNorm(net.Conv(net.Input, 64, 3));
        net.Linear(net.GlobalAveragePool(net.BatchNorm(net.Conv(dear, 64, 1, stride: 2))), 2);
        using var model = new MarkovModel(net.Build(), new WidthRange(0.1, 1, 0.05), kind, ScalarType.Float64, CPU);
        var limits = Budget.FlopsRatio(0.3).For(net.Build(), model.Grid.MinWidths);
        using var costs = limits.Expectation(ScalarType.Float64, CPU);
        model.Initialize(kind == TransitionKind.Sigmoid ? 2 : 0.2, 0.01, new RandomSource(1));
        model.ShiftOnto(limits);
        // What a group gains falls with its width: weight / width.
        var weights = tensor([3.0, 1.0]);
        for (var step = 0; step < 3000; step++)
        {
            using var scope = NewDisposeScope();
            var widths = model.ExpectedWidths();
            var loss = widths.log().mul(weights).sum().neg();
            var cost = costs.OfTightest(costs.Of(widths), (e, target) => e.div(target));
            var costGradient = autograd.grad([cost], [model.Alpha], retain_graph: true)[0];
            var gradient = autograd.grad([loss], [model.Alpha])[0];
            using (no_grad())
                model.Alpha.sub_(gradient.mul(kind == TransitionKind.Sigmoid ? 0.5 : 0.005));
            model.Project();
            model.ProjectOnto(limits, costGradient);
            Assert.Equal(1, limits.Use(model.ExpectedWidthsOnHost()), 1e-6);
        }
        var found = model.ExpectedWidthsOnHost();
        var gains = found.Select((w, g) => (g == 0 ? 3 : 1) / w / (limits.Use(Plus(g, 1e-3)) - limits.Use(Plus(g, -1e-3)))).ToArray();
        Assert.InRange(gains.Max() / gains.Min(), 1, 1.02);
        Assert.True(found[1] > 2 * found[0], $"{found[0]} and {found[1]} channels");

        double[] Plus(int group, double channels) => found.Select((w, g) => g == group ? w + channels : w).ToArray();
    }

    [Fact]
    public void Alpha_at_its_start_keeps_every_block_with_probability_one_half()
    {
        using var model = Model(64, new WidthRange());
        AssertClose(Enumerable.Repeat(0.5, 9).ToArray(), model.Transitions());
        AssertClose(Enumerable.Range(1, 9).Select(k => Math.Pow(0.5, k)).ToArray(), model.Marginals());
    }

    [Theory]
    [InlineData(TransitionKind.Sigmoid)]
    [InlineData(TransitionKind.Exponential)]
    internal void Marginals_never_rise_along_the_chain_and_stay_probabilities_even_for_huge_alpha(TransitionKind kind)
    {
        using var model = Model(64, new WidthRange(), kind);
        Gen.Double[-200, 200].Array[9].Check(20, alpha =>
        {
            using (no_grad())
                model.Alpha.copy_(tensor(alpha, [1, 9]));
            model.Project();
            var marginals = model.Marginals();
            var values = marginals.data<double>().ToArray();
            Assert.All(values, v => Assert.InRange(v, 0, 1));
            Assert.Equal(values.OrderDescending(), values);
            model.Alpha.grad?.zero_();
            marginals.sum().backward();
            Assert.All(model.Alpha.grad!.data<double>().ToArray(), g => Assert.True(double.IsFinite(g)));
        });
    }

    [Fact]
    public void Exponential_transitions_can_leave_their_start_where_the_release_never_ran()
    {
        using var model = Model(64, new WidthRange(), TransitionKind.Exponential);
        model.ExpectedWidths().sum().backward();
        Assert.All(model.Alpha.grad!.data<double>().ToArray(), g => Assert.True(g < 0));
    }

    [Fact]
    public void Drawn_structures_follow_the_marginals_they_are_drawn_from()
    {
        using var model = ModelOf(Golden.Figures.MarkovLayer[0]);
        var random = new RandomSource(5);
        var chain = model.Chain();
        var draws = 20000;
        double sum = 0;
        for (var i = 0; i < draws; i++)
            sum += chain.Draw(random)[0];
        // The standard error is about 18/√20000 = 0.13 channels.
        Assert.Equal(Golden.Figures.MarkovLayer[0].ExpectedChannels, sum / draws, 0.6);
    }

    [Fact]
    public void The_same_seed_draws_the_same_structures()
    {
        using var model = Model(64, new WidthRange());
        var chain = model.Chain();
        int[] Widths()
        {
            var random = new RandomSource(11);
            return Enumerable.Range(0, 50).Select(_ => chain.Draw(random)[0]).ToArray();
        }
        Assert.Equal(Widths(), Widths());
    }

    private static MarkovModel ModelOf(GoldenMarkovLayer layer)
    {
        var model = Model(layer.Channels, new WidthRange(layer.Widths[0], layer.Widths[1], layer.Widths[2]));
        using var noGradient = no_grad();
        model.Alpha.copy_(tensor(layer.Alpha, [1, layer.Alpha.Length]));
        return model;
    }

    private static MarkovModel Model(int channels, WidthRange widths, TransitionKind kind = TransitionKind.Sigmoid) =>
        new(Network(channels), widths, kind, ScalarType.Float64, CPU);

    private static NetworkDescription Network(int channels)
    {
        var net = new NetworkBuilder("one-layer", 3, 8, 8, 2);
        net.Linear(net.GlobalAveragePool(net.BatchNorm(net.Conv(net.Input, channels, 3))), 2);
        return net.Build();
    }

    private static void AssertClose(double[] expected, Tensor actual)
    {
        var values = actual.flatten().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.Equal(expected[i], values[i], 1e-9 + 1e-7 * Math.Abs(expected[i]));
    }
}
