namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0, Failed = 1, WrongInput = 2, BudgetOutOfReach = 3, Stopped = 130;

    /// <summary>The codes as help shows them.</summary>
    public const string Help = "0 done, 1 failed, 2 wrong input, 3 budget out of reach, 130 stopped by Ctrl-C";
}
