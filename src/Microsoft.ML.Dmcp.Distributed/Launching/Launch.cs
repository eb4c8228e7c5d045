namespace Microsoft.ML.Dmcp.Distributed.Launching;

/// <summary>What the environment says of how this process was started beside others.</summary>
/// <param name="Starter">What started it.</param>
/// <param name="Rank">Its number.</param>
/// <param name="Size">How many were started.</param>
/// <param name="LocalRank">Its number among those of the same machine; null where nobody says.</param>
/// <param name="Mpi">The family of MPI libraries that its starter speaks to; null where the starter speaks to none.</param>
/// <param name="Advice">What to do when MPI sees another number of processes.</param>
internal sealed record Launch(string Starter, int Rank, int Size, int? LocalRank, MpiFamily? Mpi, string Advice)
{
    private const string Slurm = "Slurm";

    private const string OpenMpiAdvice =
        "the library that was loaded is not that of this mpirun: give its name to MpiCommunicator.Start";

    private const string HydraAdvice =
        "the library that was loaded is not MPICH's: install it (libmpich12), or give its name to MpiCommunicator.Start";

    private const string SlurmAdvice =
        "start the program with srun, with --mpi=pmix for Open MPI or --mpi=pmi2 for MPICH; srun --mpi=list shows what there is";

    private const string TorchRunAdvice =
        "torchrun starts processes that MPI does not know: start them with mpirun -np {0}, with srun --mpi=pmix, or as an MPIJob of " +
        "Kubernetes";

    /// <summary>How this process was started; null where nobody started it beside others.</summary>
    /// <param name="variables">The environment.</param>
    /// <exception cref="InvalidOperationException">Half of what a starter sets is missing, no number, or contradicts the rest.</exception>
    public static Launch? Of(Func<string, string?> variables)
    {
        var byMpi = Read(variables, "Open MPI's mpirun", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
                MpiFamily.OpenMpi, OpenMpiAdvice)
            ?? Read(variables, "MPICH's mpirun", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", MpiFamily.Mpich, HydraAdvice)
            ?? (IsInteractive(variables) ? null : Read(variables, Slurm, "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID",
                variables("PMIX_RANK") is null ? null : MpiFamily.OpenMpi, SlurmAdvice));
        var byTorchRun = Read(variables, "torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK", null, TorchRunAdvice);
        if (byMpi is not null && byTorchRun is not null && (byMpi.Rank, byMpi.Size) != (byTorchRun.Rank, byTorchRun.Size))
            throw new InvalidOperationException(
                $"{byMpi.Starter} says that this is rank {byMpi.Rank} of {byMpi.Size}, but RANK and WORLD_SIZE say {byTorchRun.Rank} of " +
                $"{byTorchRun.Size}: unset these, or give both the same.");
        if (byMpi is null && byTorchRun is { Size: > 1 })
            throw new InvalidOperationException(
                $"WORLD_SIZE and RANK say that torchrun started {byTorchRun.Size} processes, but no MPI did: " +
                string.Format(System.Globalization.CultureInfo.InvariantCulture, TorchRunAdvice, byTorchRun.Size) + ".");
        return byMpi ?? byTorchRun;
    }

    /// <summary>Compares with what MPI says.</summary>
    /// <param name="rank">The rank that it gives.</param>
    /// <param name="size">How many processes it sees.</param>
    /// <param name="library">Which library says it.</param>
    /// <exception cref="InvalidOperationException">It says something else.</exception>
    public void Require(int rank, int size, string library)
    {
        if ((rank, size) != (Rank, Size))
            throw new InvalidOperationException(
                $"{Starter} started {Size} processes, of which this is number {Rank}, but {library} sees {size} and calls this one " +
                $"{rank}: {Advice}.");
    }

    /// <summary>
    /// Makes sure that MPI can see the others, where it would not just see none of them but end this process with advice of its own.
    /// </summary>
    /// <param name="family">Of which kind the library is.</param>
    /// <param name="library">Which library it is.</param>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
    public void RequireVisible(MpiFamily family, string library)
    {
        if (Starter == Slurm && Size > 1 && Mpi is null && family == MpiFamily.OpenMpi)
            throw new InvalidOperationException(
                $"{Starter} started {Size} processes, of which this is number {Rank}, but {library} cannot see the others: {Advice}.");
    }

    private static Launch? Read(
        Func<string, string?> variables, string starter, string rankName, string sizeName, string localName, MpiFamily? mpi, string advice)
    {
        var (rank, size, local) = (variables(rankName), variables(sizeName), variables(localName));
        // In the script of a Slurm job, and without a number of tasks, there is nothing to compare with.
        if (rank is null && (size is null || mpi == MpiFamily.Mpich))
            return null;
        if (rank is null && starter == Slurm && size == "1")
            return null;
        if (rank is null || size is null)
            throw new InvalidOperationException(
                $"{(rank is null ? sizeName : rankName)} is set as {starter} sets it, but {(rank is null ? rankName : sizeName)} is not: " +
                (starter == Slurm ? $"{SlurmAdvice}." : "half of a launch cannot be joined; set both, or unset both."));
        var (r, n) = (Number(rankName, rank), Number(sizeName, size));
        if (n < 1 || r < 0 || r >= n)
            throw new InvalidOperationException(
                $"{rankName} is {rank} and {sizeName} is {size}; needed is a rank from 0 to below the number of processes.");
        return new Launch(starter, r, n, local is null ? null : Number(localName, local), mpi, advice);
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidOperationException($"{name} is '{value}'; needed is a whole number.");

    /// <summary>Whether someone sits in a shell of Slurm's: what is started there is meant to run alone.</summary>
    private static bool IsInteractive(Func<string, string?> variables) =>
        variables("SLURM_STEP_ID") is null && variables("SLURM_JOB_NAME") is "bash" or "sh" or "zsh" or "interactive";
}
