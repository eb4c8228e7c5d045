using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Transfer;

/// <summary>The imported network fine-tuned as it is: the accuracy to keep, and the teacher of the pruned ones.</summary>
internal sealed record TeacherPart(int Seed) : TransferPart("unpruned", Seed)
{
    public override bool KeepsCheckpoint => true;

    public override object Run(Workshop workshop, CancellationToken cancellation)
    {
        var options = workshop.Imported.Begin(new PrunedRetrainOptions { Method = RetrainMethod.FineTuning }, workshop.ImportedWeights);
        options.ChannelConfig = workshop.UniformWithin(BudgetShares.All);
        options.NumberOfEpochs = workshop.Settings.TeacherEpochs;
        return workshop.Train(this, options, cancellation);
    }
}
