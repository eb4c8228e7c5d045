namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Training options without columns.</summary>
internal sealed class TestTrainingOptions : TrainingOptions;
