using System.Diagnostics.CodeAnalysis;
using Dmcp.Samples.Shared;

namespace Dmcp.Compare;

/// <summary>What decides the results.</summary>
internal sealed record CompareSettings : LaboratorySettings
{
    [SetsRequiredMembers]
    public CompareSettings(LaboratorySettings common)
        : base(common)
    {
    }

    /// <summary>What the pruned networks may use.</summary>
    public IReadOnlyList<BudgetShares> Budgets { get; init; } = [];

    /// <summary>Epochs of the training that starts with the weights of a search.</summary>
    public int TuneEpochs { get; init; }
}
