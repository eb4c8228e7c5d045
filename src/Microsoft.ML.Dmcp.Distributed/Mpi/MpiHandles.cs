using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Distributed.Launching;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Distributed.Mpi;

/// <summary>What MPI's header calls by name, and every library has values of its own for.</summary>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Float">MPI_FLOAT.</param>
/// <param name="Double">MPI_DOUBLE.</param>
/// <param name="Int64">MPI_INT64_T.</param>
/// <param name="Sum">MPI_SUM.</param>
/// <param name="InPlace">MPI_IN_PLACE.</param>
/// <param name="IgnoreStatus">MPI_STATUS_IGNORE.</param>
internal sealed record MpiHandles(nint World, nint Float, nint Double, nint Int64, nint Sum, nint InPlace, nint IgnoreStatus)
{
    /// <summary>Those of MPICH and of all that keep its binary interface (since 2014).</summary>
    public static MpiHandles OfMpich { get; } = new(
        World: 0x44000000, Float: 0x4c00040a, Double: 0x4c00080b, Int64: 0x4c00083a, Sum: 0x58000003, InPlace: -1, IgnoreStatus: 1);

    /// <summary>Those of a library.</summary>
    /// <param name="library">The loaded library.</param>
    /// <param name="version">What it says it is.</param>
    /// <exception cref="InvalidOperationException">It is of no known kind.</exception>
    public static MpiHandles Of(nint library, string version)
    {
        if (FamilyOf(library, version) == MpiFamily.Mpich)
            return OfMpich;
        nint At(string name) => NativeLibrary.GetExport(library, name);
        return new MpiHandles(
            At("ompi_mpi_comm_world"), At("ompi_mpi_float"), At("ompi_mpi_double"), At("ompi_mpi_int64_t"), At("ompi_mpi_op_sum"),
            InPlace: 1, IgnoreStatus: 0);
    }

    /// <summary>The type of a tensor's elements.</summary>
    /// <exception cref="ArgumentException">They are of another.</exception>
    public nint TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => Float,
        ScalarType.Float64 => Double,
        ScalarType.Int64 => Int64,
        _ => throw new ArgumentException($"Tensors of {type} are not exchanged; needed is Float32, Float64 or Int64."),
    };

    /// <summary>Of which kind a library is.</summary>
    /// <inheritdoc cref="Of" path="/*[not(self::summary)]"/>
    public static MpiFamily FamilyOf(nint library, string version)
    {
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _))
            return MpiFamily.OpenMpi;
        string[] known = ["MPICH", "Intel(R) MPI", "MVAPICH", "CRAY MPICH"];
        return known.Any(name => version.Contains(name, StringComparison.OrdinalIgnoreCase)) ? MpiFamily.Mpich
            : throw new InvalidOperationException(
                $"The MPI library calls itself '{version}', whose handles are not known; needed is Open MPI, MPICH, Intel MPI or MVAPICH.");
    }
}
