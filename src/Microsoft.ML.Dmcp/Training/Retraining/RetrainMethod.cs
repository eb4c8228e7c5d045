namespace Microsoft.ML.Dmcp;

/// <summary>How the weights of a pruned network come about.</summary>
public enum RetrainMethod
{
    /// <summary>Trained from scratch with the labels (3.3, 4.1): what the paper reports.</summary>
    FromScratch,

    /// <summary>
    /// Trained together with the unpruned network, whose first channels it shares and whose probabilities it learns (slimmable training,
    /// DMCP* of Table 6). Costs several times as much as training from scratch. Trains the first channels also where the config names
    /// others.
    /// </summary>
    Slimmable,

    /// <summary>
    /// The weights of the kept channels of the unpruned network (the most important of every group, or the first where sub-networks of
    /// these were trained, unless the config names others), trained on with the labels and with what the unpruned network says.
    /// </summary>
    FineTuning,

    /// <summary>
    /// The weights of the kept channels of the unpruned network as they are; only the batch norms' statistics are computed anew. Evaluates
    /// the unpruned network at any widths.
    /// </summary>
    Calibration,
}
