namespace Microsoft.ML.Dmcp;

/// <summary>
/// What searches have in common that train one slimmable network (sandwich rule, random widths, in-place distillation) and then choose
/// among its structures by their accuracy on images put aside.
/// </summary>
public abstract class SlimmableSearchOptions : SandwichSearchOptions
{
    internal override void Check()
    {
        base.Check();
        Require(EvaluationShare is > 0 and < 1, nameof(EvaluationShare), EvaluationShare, "a share in (0, 1)");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["randomSubNetworks"] = Text($"{RandomSubNetworks}");
        // The first channel configs and checkpoints do not name it.
        if (DistillationOfSubNetworks != Training.Optimization.Distillation.Plain)
            settings["distillation"] = DistillationText;
        return settings;
    }
}
