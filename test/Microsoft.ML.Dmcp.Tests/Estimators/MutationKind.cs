namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>What a <see cref="Mutation"/> does.</summary>
internal enum MutationKind
{
    Bit,
    Byte,
    BinaryNumber,
    DecimalNumber,
    Removal,
    Repetition,
    End,
}
