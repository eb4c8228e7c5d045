namespace Microsoft.ML.Dmcp;

/// <summary>How the random sub-networks of the sandwich rule are drawn, each channel group by itself.</summary>
public enum SubNetworkSampling
{
    /// <summary>Uniform over the widths that a group can have.</summary>
    Uniform,

    /// <summary>By the Markov process (the paper's variant sandwich rule).</summary>
    Markov,

    /// <summary>Uniform at first; the probability of uniform is multiplied by 0.9999 every ten iterations (the release).</summary>
    Scheduled,
}
