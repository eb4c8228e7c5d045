
namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>Progress reports as a run makes them: 10 batches an epoch, 3 epochs.</summary>
internal static class Reports
{
    public static TrainingProgress WarmUp(int epoch, int batch) => Of(TrainingPhase.WarmUp, epoch, batch);

    public static TrainingProgress Search(int epoch, int batch) => Of(TrainingPhase.Search, epoch, batch) with
    {
        ArchitectureLoss = 2.25,
        BudgetLoss = 0.125,
        Costs = [new CostProgress(BudgetMetric.Flops, 21.5, 20.41), new CostProgress(BudgetMetric.Parameters, 0.25, 0.125)],
    };

    public static TrainingProgress Retrain(int epoch, int batch) => Of(TrainingPhase.Retrain, epoch, batch);

    private static TrainingProgress Of(TrainingPhase phase, int epoch, int batch) => new()
    {
        Phase = phase,
        Epoch = epoch,
        Epochs = 3,
        Batch = batch,
        Batches = 10,
        Loss = 1.5,
        Accuracy = 0.625,
        LearningRate = 0.05,
        ImagesPerSecond = 1234.4,
        TimeLeft = new TimeSpan(0, 1, 2, 3),
    };
}
