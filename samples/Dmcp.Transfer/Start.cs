namespace Dmcp.Transfer;

/// <summary>What the training of a pruned network begins with.</summary>
internal enum Start
{
    /// <summary>Fresh weights.</summary>
    Scratch,

    /// <summary>The weights of the unpruned network; learns from the labels.</summary>
    Tuned,

    /// <summary>The weights of the unpruned network; learns from the labels and from that network.</summary>
    Distilled,

    /// <summary>The same, for the epochs of a search longer.</summary>
    Longer,
}
