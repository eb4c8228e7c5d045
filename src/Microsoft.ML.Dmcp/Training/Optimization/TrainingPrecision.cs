namespace Microsoft.ML.Dmcp;

/// <summary>
/// In which numbers training computes. Weights, their gradients' sums, batch norms' parameters and losses are always of 32 bits.
/// </summary>
public enum TrainingPrecision
{
    /// <summary>32 bits.</summary>
    Single,

    /// <summary>
    /// Convolutions and what flows between layers in 16 bits, with the range of 32 and 8 bits of precision. Faster and smaller where the
    /// processor or GPU is made for such numbers (AMX, AMD's AVX512-BF16, tensor cores since Ampere); slower elsewhere.
    /// </summary>
    BFloat16,
}
