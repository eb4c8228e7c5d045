using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Slimmable;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What searches have in common that train one slimmable network (sandwich rule, random widths, in-place distillation) and then choose among
/// its structures by their accuracy on images put aside.
/// </summary>
public abstract class SlimmableSearchOptions : ChannelSearchOptions
{
    /// <summary>Which widths a channel group can have.</summary>
    public WidthRange Widths = new();

    /// <summary>Random sub-networks trained in every iteration beside the widest and the narrowest.</summary>
    public int RandomSubNetworks = 2;

    /// <summary>Share of the training images that structures are evaluated on, and that are not trained on, in (0, 1).</summary>
    public double EvaluationShare = 0.1;

    /// <summary>Chooses a structure in the budget.</summary>
    internal abstract int[] Choose(StructureChoice choice);

    internal override ChannelSearch Create(SearchTask task)
    {
        var (training, aside) = task.Set.Split(EvaluationShare, new RandomSource(task.Seed), nameof(EvaluationShare));
        return new SlimmableSearch(task with { Set = training }, aside, this);
    }

    internal override void Check()
    {
        base.Check();
        Require(Widths is not null, nameof(Widths), Widths, "a range, such as new WidthRange(0.1, 1.0, 0.1)");
        Require(RandomSubNetworks >= 0, nameof(RandomSubNetworks), RandomSubNetworks, "0 or more");
        Require(EvaluationShare is > 0 and < 1, nameof(EvaluationShare), EvaluationShare, "a share in (0, 1)");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["widths"] = Widths.ToString();
        settings["randomSubNetworks"] = Text($"{RandomSubNetworks}");
        settings["evaluationShare"] = Text($"{EvaluationShare}");
        return settings;
    }
}
