namespace Dmcp.Transfer;

/// <summary>How many channels every layer keeps, and which.</summary>
internal enum Widths
{
    /// <summary>All groups narrowed alike; the first channels as they come in the imported network.</summary>
    Prefix,

    /// <summary>All groups narrowed alike; the most important channels.</summary>
    Uniform,

    /// <summary>The widths that DMCP found, cut from the weights of its search.</summary>
    Dmcp,

    /// <summary>The widths that DMCP found, cut from the weights of the unpruned network: the most important channels.</summary>
    DmcpWhole,

    /// <summary>One ranking of all channels by Taylor importance, at once.</summary>
    Global,

    /// <summary>The same in three steps with training between.</summary>
    GlobalSteps,
}
