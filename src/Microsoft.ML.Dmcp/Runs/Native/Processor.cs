using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Dmcp.Runs.Native;

/// <summary>What this processor is good at.</summary>
internal static class Processor
{
    // Leaf 0 spells the maker in EBX, EDX, ECX: "Auth" of AuthenticAMD.
    private const int OfAmd = 0x68747541;
    private const int Extended = 7, AmxBFloat16 = 1 << 22, Avx512BFloat16 = 1 << 5;

    /// <summary>Whether it has AMX for bfloat16: products of matrices at many times the rate of 32 bits.</summary>
    public static bool HasAmx { get; } = X86Base.IsSupported && HasLeaf(Extended) && (X86Base.CpuId(Extended, 0).Edx & AmxBFloat16) != 0;

    /// <summary>
    /// Whether it computes bfloat16 no faster than 32 bits: AMX is faster, and AMD's AVX512-BF16, but not Intel's (measured), and what has
    /// neither makes 32 bits of every number. False where it is not known.
    /// </summary>
    public static bool IsSlowWithBFloat16 { get; } = X86Base.IsSupported && !HasAmx && !HasFastVectors();

    private static bool HasFastVectors() =>
        HasLeaf(Extended) && X86Base.CpuId(0, 0).Ebx == OfAmd && (X86Base.CpuId(Extended, 1).Eax & Avx512BFloat16) != 0;

    private static bool HasLeaf(int leaf) => X86Base.CpuId(0, 0).Eax >= leaf;
}
