namespace Microsoft.ML.Dmcp.Reports.Evaluations;

/// <summary>What a network says of the images of one class.</summary>
/// <param name="Index">Of the class.</param>
/// <param name="Name">Of the class.</param>
/// <param name="Images">Images of the class.</param>
/// <param name="Predicted">Images that are taken for the class.</param>
/// <param name="Correct">Images of the class that are taken for it.</param>
internal sealed record ClassResult(int Index, string Name, int Images, int Predicted, int Correct)
{
    /// <summary>Share of the images of the class that are taken for it; NaN where there are none.</summary>
    public double Recall => (double)Correct / Images;

    /// <summary>Share of the images taken for the class that are of it; NaN where there are none.</summary>
    public double Precision => (double)Correct / Predicted;
}
