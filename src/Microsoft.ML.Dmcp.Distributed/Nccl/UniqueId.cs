using System.Runtime.CompilerServices;

namespace Microsoft.ML.Dmcp.Distributed.Nccl;

/// <summary>ncclUniqueId, which NCCL takes by value.</summary>
[InlineArray(Length)]
internal struct UniqueId
{
    public const int Length = 128;

    private byte _first;
}
