using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>What the command line asked for.</summary>
internal sealed record Settings(
    string? Data, string Output, string? TensorBoard, string Network, double FlopsShare, int ImageSize, int PerClass, int HeldOut, int SearchEpochs, int TrainEpochs, int BatchSize, TrainingPrecision Precision, int Seed);
