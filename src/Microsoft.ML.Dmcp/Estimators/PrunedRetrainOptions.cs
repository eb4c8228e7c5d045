using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp;

/// <summary>Options of <see cref="PrunedRetrainEstimator"/>.</summary>
public sealed class PrunedRetrainOptions : TrainingOptions
{
    /// <summary>Name of the column of probabilities. Default "Score".</summary>
    public string ScoreColumnName = DefaultColumns.Score;

    /// <summary>Name of the column of the likeliest class. Default "PredictedLabel".</summary>
    public string PredictedLabelColumnName = DefaultColumns.PredictedLabel;

    /// <summary>
    /// Name of a column for the features behind the scores, for other learners or for finding similar images: what the last layer with
    /// weights reads, averaged over the positions where that is still an image. Default null, for none.
    /// </summary>
    public string? EmbeddingColumnName;

    /// <summary>
    /// The channel config. Default null, for that of <see cref="ChannelConfigPath"/> or of the search earlier in the pipeline.
    /// </summary>
    public ChannelConfig? ChannelConfig;

    /// <summary>File of the channel config, as <see cref="ChannelConfig.Save"/> writes it. Default null, for none.</summary>
    public string? ChannelConfigPath;

    /// <summary>
    /// The unpruned architecture; needed for networks of one's own. Default null, for the one of the zoo that the config names.
    /// </summary>
    public NetworkArchitecture? Network;

    /// <summary>
    /// How the weights come about; the trained model says it too (<see cref="PrunedNetworkTransformer.Method"/>). Default from scratch.
    /// </summary>
    public RetrainMethod Method = RetrainMethod.FromScratch;

    /// <summary>
    /// Random networks between the pruned and the unpruned one that <see cref="RetrainMethod.Slimmable"/> trains in every iteration.
    /// Default 2.
    /// </summary>
    public int RandomSubNetworks = 2;

    /// <summary>
    /// Whether the channels of given weights are sorted by importance (L1 norm of their filters) before the first of every group are kept,
    /// where the config does not name the kept ones. When null (default), where the weights are not shared by sub-networks of first
    /// channels already.
    /// </summary>
    public bool? SortChannels;

    /// <summary>
    /// Weight w in [0, 1) of what <see cref="RetrainMethod.FineTuning"/> learns from the unpruned network's probabilities (knowledge
    /// distillation), against 1 − w for the labels. Default null: 0.5 where there is a network to learn from, else 0.
    /// </summary>
    public double? DistillationWeight;

    /// <summary>
    /// Checkpoint of the unpruned network to learn from, trained by itself on these classes. Default null: the weights that a search
    /// earlier in the pipeline learned from, else those that this training begins with, if they are such.
    /// </summary>
    public string? TeacherPath;

    /// <summary>Temperature that the logits of both networks are divided by in the distillation. Default 1.</summary>
    public double DistillationTemperature = 1;

    /// <summary>
    /// Images on which every epoch is measured and which are not trained on: rows like those that <see cref="PrunedRetrainEstimator.Fit"/>
    /// gets, with the same columns and classes. Default null, for none or for those of <see cref="ValidationSetFraction"/>.
    /// </summary>
    public IDataView? ValidationSet;

    /// <summary>Share of the training images of every class that is put aside for validation, in (0, 1). Default null, for none.</summary>
    public double? ValidationSetFraction;

    /// <summary>
    /// Epochs without a better validation accuracy after which the training ends; needs validation images. Default null, for never.
    /// </summary>
    public int? EarlyStoppingPatience;

    /// <summary>
    /// Whether the weights of the epoch with the best validation accuracy are kept rather than those of the last, where there are
    /// validation images. Default true.
    /// </summary>
    public bool KeepBestEpoch = true;

    private protected override IEnumerable<(string Option, string? Column)> ColumnNames
    {
        get
        {
            (string, string?)[] always =
                [(nameof(ScoreColumnName), ScoreColumnName), (nameof(PredictedLabelColumnName), PredictedLabelColumnName)];
            return EmbeddingColumnName is null ? [.. base.ColumnNames, .. always]
                : [.. base.ColumnNames, .. always, (nameof(EmbeddingColumnName), EmbeddingColumnName)];
        }
    }

    internal override void Check()
    {
        base.Check();
        CheckValidation();
        RequireKnown(Method, nameof(Method));
        Require(DistillationWeight is null or (>= 0 and < 1), nameof(DistillationWeight), DistillationWeight,
            "a number in [0, 1), or null");
        Require(DistillationWeight is not > 0 || Method == RetrainMethod.FineTuning, nameof(DistillationWeight), DistillationWeight,
            "null or 0 unless Method is FineTuning, which has an unpruned network to learn from");
        Require(TeacherPath is null || (Method == RetrainMethod.FineTuning && DistillationWeight is not 0), nameof(TeacherPath),
            $"'{TeacherPath}'", "null unless Method is FineTuning with a DistillationWeight of more than 0");
        Require(DistillationTemperature is > 0 and < double.PositiveInfinity, nameof(DistillationTemperature), DistillationTemperature,
            "a positive number");
        Require(RandomSubNetworks >= 0, nameof(RandomSubNetworks), RandomSubNetworks, "0 or more");
        Require(WeightsPath is null || Method != RetrainMethod.FromScratch, nameof(WeightsPath), $"'{WeightsPath}'",
            "null when training from scratch; set Method to FineTuning to begin with given weights");
    }

    internal override void CheckFiles(bool weightsComeLater = false)
    {
        base.CheckFiles(weightsComeLater);
        Require(TeacherPath is null || DurableFile.Exists(TeacherPath), nameof(TeacherPath), $"'{TeacherPath}'",
            "the name of a checkpoint file that exists, or null");
    }

    private void CheckValidation()
    {
        var hasImages = ValidationSet is not null || ValidationSetFraction is not null;
        Require(ValidationSetFraction is null or (> 0 and < 1), nameof(ValidationSetFraction), ValidationSetFraction,
            "a share in (0, 1), or null");
        Require(ValidationSet is null || ValidationSetFraction is null, nameof(ValidationSetFraction), ValidationSetFraction,
            "null when ValidationSet is given");
        Require(EarlyStoppingPatience is null || hasImages, nameof(EarlyStoppingPatience), EarlyStoppingPatience,
            "null without validation images: set ValidationSet or ValidationSetFraction");
        Require(EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "1 or more, or null");
        Require(Method != RetrainMethod.Calibration || !hasImages, nameof(ValidationSet), "given",
            "null for Calibration, which trains nothing");
    }
}
