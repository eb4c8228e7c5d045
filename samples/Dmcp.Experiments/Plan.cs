using System.Globalization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>Which units the paper's tables need, the most important first, so that a run that is cut short shows most.</summary>
internal sealed class Plan
{
    private readonly Settings _settings;

    public Plan(Settings settings, IReadOnlyList<int> seeds)
    {
        _settings = settings;
        Seeds = seeds;
        Units =
        [
            .. ForSeeds(s => [Uniform(s), Search(SearchVariant.Dmcp, s), Es(SearchVariant.Dmcp, s)]),
            .. ForSeeds(s => [Search(SearchVariant.OriginalSandwich, s), Es(SearchVariant.OriginalSandwich, s)]),
            .. ForSeeds(s => [Search(SearchVariant.NoWarmUp, s), Es(SearchVariant.NoWarmUp, s)]),
            .. ForSeeds(s => Ds(SearchVariant.Dmcp, s)),
            .. ForSeeds(s =>
            [
                Search(SearchVariant.FrozenWeights, s),
                Es(SearchVariant.FrozenWeights, s),
                Search(SearchVariant.BudgetLossOnly, s),
                Es(SearchVariant.BudgetLossOnly, s),
            ]),
            .. ForSeeds(s => [Unpruned(s), Recoverability(s)]),
            .. ForSeeds(s => [Slimmable(s)]),
            .. ForSeeds(s => [UniformSmall(s), Search(SearchVariant.SmallBudget, s), Es(SearchVariant.SmallBudget, s)]),
            .. ForSeeds(s => [Search(SearchVariant.Large, s), Es(SearchVariant.Large, s)]),
            .. ForSeeds(s => [Search(SearchVariant.LargeSmallBudget, s), Es(SearchVariant.LargeSmallBudget, s)]),
            .. ForSeeds(s => Ds(SearchVariant.NoWarmUp, s)),
            .. ForSeeds(s =>
            [
                .. Ds(SearchVariant.SmallBudget, s),
                .. Ds(SearchVariant.Large, s),
                .. Ds(SearchVariant.LargeSmallBudget, s),
            ]),
        ];
    }

    public IReadOnlyList<int> Seeds { get; }

    public IReadOnlyList<Unit> Units { get; }

    public static Unit Uniform(int seed) => new BaselineUnit("uniform", false, seed);

    public static Unit UniformSmall(int seed) => new BaselineUnit("uniform-small", true, seed);

    public static BaselineUnit Unpruned(int seed) => new("unpruned", null, seed);

    public static Unit Recoverability(int seed) => new RecoverabilityUnit(Unpruned(seed));

    /// <summary>The slimmable training of the expected widths (DMCP* of Table 6).</summary>
    public TrainUnit Slimmable(int seed) => new(Search(SearchVariant.Dmcp, seed), "es", RetrainMethod.Slimmable);

    /// <summary>The training of the expected widths of a search.</summary>
    public TrainUnit Es(SearchVariant variant, int seed) => new(Search(variant, seed), "es");

    /// <summary>The trainings of the structures that direct sampling drew.</summary>
    public IEnumerable<TrainUnit> Ds(SearchVariant variant, int seed) =>
        Enumerable.Range(1, DirectSamples(variant))
            .Select(i => new TrainUnit(Search(variant, seed), string.Create(CultureInfo.InvariantCulture, $"ds{i}")));

    public SearchUnit Search(SearchVariant variant, int seed) => new(variant, DirectSamples(variant), seed);

    private int DirectSamples(SearchVariant variant)
    {
        if (variant == SearchVariant.Dmcp)
            return _settings.DirectSamples;
        var isRowOfTable = variant == SearchVariant.NoWarmUp || variant == SearchVariant.SmallBudget || variant.Width != 1;
        return isRowOfTable ? _settings.MoreDirectSamples : 0;
    }

    private IEnumerable<Unit> ForSeeds(Func<int, IEnumerable<Unit>> units) => Seeds.SelectMany(units);
}
