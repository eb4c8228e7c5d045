namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>What <see cref="RunningMeans"/> are kept of, over an epoch.</summary>
internal enum Mean
{
    /// <summary>Loss of the labels in the widest network.</summary>
    Loss,

    /// <summary>Share of the images that the widest network classifies correctly.</summary>
    Accuracy,

    /// <summary>Loss of the labels through the gates, of which the architecture learns.</summary>
    ArchitectureLoss,

    /// <summary>Loss of the budget.</summary>
    BudgetLoss,
}
