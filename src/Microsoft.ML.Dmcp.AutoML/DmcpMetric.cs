namespace Microsoft.ML.Dmcp;

/// <summary>What an experiment optimises, beside the cost.</summary>
public enum DmcpMetric
{
    /// <summary>Share of the validation images that are classified correctly.</summary>
    MicroAccuracy,

    /// <summary>Mean over the classes of the share of their validation images that are classified correctly.</summary>
    MacroAccuracy,

    /// <summary>Mean cross entropy of the validation images, in nats; the smaller, the better.</summary>
    LogLoss,
}
