namespace Microsoft.ML.Dmcp.Distributed.Launching;

/// <summary>MPI libraries whose handles are of one kind.</summary>
internal enum MpiFamily
{
    /// <summary>Handles are addresses of exported objects.</summary>
    OpenMpi,

    /// <summary>MPICH, Intel MPI, MVAPICH and Cray MPI: handles are numbers.</summary>
    Mpich,
}
