namespace Microsoft.ML.Dmcp.Tests.Reports;

/// <summary>The tests that share one <see cref="ReportedPipeline"/>.</summary>
[CollectionDefinition(nameof(ReportedPipeline))]
public sealed class ReportedPipelineCollection : ICollectionFixture<ReportedPipeline>;
