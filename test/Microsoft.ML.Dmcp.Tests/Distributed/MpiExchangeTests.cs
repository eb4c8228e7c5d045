namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>What ranks hand each other arrives, over every MPI.</summary>
[Collection(MpiCollection.Name)]
public class MpiExchangeTests
{
    [MpiFact]
    public void Sums_broadcasts_and_a_common_end_work_over_Open_MPI()
    {
        var (status, output) = MpiRun.Of(3, "exchange");
        Assert.True(status == 0, output);
        Assert.Contains("exchanged 3 Open MPI v", output, StringComparison.Ordinal);
    }

    // Its handles are numbers where Open MPI's are addresses.
    [MpiFact(MpiRun.Mpich)]
    public void Sums_broadcasts_and_a_common_end_work_over_MPICH()
    {
        var (status, output) = MpiRun.Of(MpiRun.Mpich, 3, "exchange");
        Assert.True(status == 0, output);
        Assert.Contains("exchanged 3 MPICH", output, StringComparison.Ordinal);
    }

    [MpiFact]
    public void A_process_that_Slurm_started_beside_others_whom_MPI_does_not_see_ends_with_advice_instead_of_waiting()
    {
        (string, string)[] slurm = [("SLURM_NTASKS", "2"), ("SLURM_PROCID", "1"), ("SLURM_LOCALID", "1"), ("SLURM_STEP_ID", "0")];
        var (status, output) = MpiRun.WithVariables(slurm, "exchange");
        Assert.NotEqual(0, status);
        Assert.Contains("Slurm started 2 processes, of which this is number 1, but Open MPI v", output, StringComparison.Ordinal);
        Assert.Contains("--mpi=pmix", output, StringComparison.Ordinal);
    }
}
