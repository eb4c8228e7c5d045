namespace Microsoft.ML.Dmcp;

/// <summary>Where a trial stands.</summary>
public enum DmcpTrialState
{
    /// <summary>It waits for a worker.</summary>
    Waiting,

    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>It is trained for a part of its epochs and waits for the trials that it is compared with.</summary>
    Paused,

    /// <summary>It is done, and has a model.</summary>
    Completed,

    /// <summary>It could not win any more; <see cref="DmcpTrial.Reason"/> says against whom.</summary>
    Stopped,

    /// <summary>It cannot be done; <see cref="DmcpTrial.Reason"/> says why.</summary>
    Failed,
}
