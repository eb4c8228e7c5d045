namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>ML.NET's usual column names, which it keeps internal (DefaultColumnNames).</summary>
internal static class DefaultColumns
{
    public const string Label = "Label";
    public const string Features = "Features";
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";
}
