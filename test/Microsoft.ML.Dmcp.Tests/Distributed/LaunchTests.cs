using Microsoft.ML.Dmcp.Distributed.Launching;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Half a launch or a wrong one is a message, not a process that waits for ever for others that never come.</summary>
public class LaunchTests
{
    [Theory]
    [InlineData("", null, 0, 1)]
    [InlineData("OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=1", "Open MPI's mpirun", 3, 4)]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 MPI_LOCALRANKID=0", "MPICH's mpirun", 0, 2)]
    [InlineData("SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_STEP_ID=0 PMIX_RANK=5", "Slurm", 5, 8)]
    // mpirun in a job of Slurm's: mpirun says who is who.
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 SLURM_PROCID=0 SLURM_NTASKS=1", "Open MPI's mpirun", 1, 2)]
    // A shell of Slurm's: what is started in it by hand runs alone.
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=8 SLURM_JOB_NAME=bash", null, 0, 1)]
    [InlineData("SLURM_NTASKS=1", null, 0, 1)]
    [InlineData("RANK=0 WORLD_SIZE=1", "torchrun", 0, 1)]
    [InlineData("RANK=1 WORLD_SIZE=2 LOCAL_RANK=1 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "Open MPI's mpirun", 1, 2)]
    public void A_process_knows_who_started_it(string variables, string? starter, int rank, int size)
    {
        var launch = Of(variables);
        Assert.Equal(starter, launch?.Starter);
        Assert.Equal((rank, size), (launch?.Rank ?? 0, launch?.Size ?? 1));
    }

    [Theory]
    [InlineData("RANK=0 WORLD_SIZE=4 MASTER_ADDR=10.0.0.1", "torchrun started 4 processes, but no MPI did", "mpirun -np 4")]
    [InlineData("RANK=0", "RANK is set as torchrun sets it, but WORLD_SIZE is not", "set both")]
    [InlineData("WORLD_SIZE=4", "WORLD_SIZE is set as torchrun sets it, but RANK is not", "set both")]
    [InlineData("OMPI_COMM_WORLD_SIZE=4", "is set as Open MPI's mpirun sets it, but OMPI_COMM_WORLD_RANK is not", "set both")]
    [InlineData("OMPI_COMM_WORLD_RANK=1", "OMPI_COMM_WORLD_SIZE is not", "set both")]
    [InlineData("SLURM_NTASKS=4 SLURM_JOB_NAME=train", "SLURM_PROCID is not", "srun")]
    [InlineData("OMPI_COMM_WORLD_RANK=4 OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_RANK is 4 and OMPI_COMM_WORLD_SIZE is 4", "below")]
    [InlineData("OMPI_COMM_WORLD_RANK=-1 OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_RANK is -1", "from 0")]
    [InlineData("PMI_RANK=one PMI_SIZE=4", "PMI_RANK is 'one'", "whole number")]
    [InlineData("RANK=0 WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "but RANK and WORLD_SIZE say 0 of 2", "unset")]
    public void Half_a_launch_or_a_wrong_one_is_a_message_that_says_what_to_do(string variables, string problem, string advice)
    {
        var message = Assert.Throws<InvalidOperationException>(() => Of(variables)).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4", "Open MPI's mpirun started 4 processes", "not that of this mpirun")]
    [InlineData("PMI_RANK=1 PMI_SIZE=4", "MPICH's mpirun started 4 processes", "libmpich12")]
    [InlineData("SLURM_PROCID=1 SLURM_NTASKS=4 SLURM_STEP_ID=0", "Slurm started 4 processes", "--mpi=pmix")]
    public void Processes_that_MPI_does_not_see_are_a_message(string variables, string problem, string advice)
    {
        var launch = Of(variables)!;
        var message = Assert.Throws<InvalidOperationException>(() => launch.Require(0, 1, "MPI")).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains("but MPI sees 1 and calls this one 0", message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
        launch.Require(1, 4, "MPI");
    }

    [Fact]
    public void A_missing_library_is_named_with_how_to_get_one()
    {
        var message = Assert.Throws<DllNotFoundException>(() => MpiCommunicator.Start("libno-such-mpi.so")).Message;
        Assert.Contains("libno-such-mpi.so", message, StringComparison.Ordinal);
        Assert.Contains("apt-get install openmpi-bin", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_no_MPI_is_refused()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var message = Assert.Throws<InvalidOperationException>(() => MpiCommunicator.Start("libm.so.6")).Message;
        Assert.Contains("MPI_Get_library_version", message, StringComparison.Ordinal);
    }

    private static Launch? Of(string variables)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return Launch.Of(set.GetValueOrDefault);
    }
}
