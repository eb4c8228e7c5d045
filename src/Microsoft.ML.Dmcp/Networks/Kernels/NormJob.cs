namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>What the threads that compute a pass share.</summary>
internal unsafe struct NormJob
{
    /// <summary>Sums of a column that a chunk has room for.</summary>
    public const int SumsOfChunk = 4;

    /// <summary>Which pass.</summary>
    public NormStep Step;

    /// <summary>Whether the values are bfloat16 rather than 32-bit numbers.</summary>
    public bool IsBFloat16;

    /// <summary>The values and their gradients, [rows, columns].</summary>
    public void* X, Y, Dy, Dx;

    /// <summary>What is added to the normalised values, and its gradient, likewise; null for nothing.</summary>
    public void* Summand, DSummand;

    /// <summary>Rows, and columns of a row.</summary>
    public nint Rows, Columns;

    /// <summary>Into how many parts of as many rows the work is cut.</summary>
    public int Chunks;

    /// <summary>
    /// Two sums of every column over a chunk, and two over the rows at hand, [chunks, <see cref="SumsOfChunk"/>, columns].
    /// </summary>
    public float* Sums;

    /// <summary>Factors and summands of every column, [columns].</summary>
    public float* Mean, Inverse, Scale, Shift, Slope, Constant;

    /// <summary>Limits of the activation.</summary>
    public float Lower, Upper;
}
