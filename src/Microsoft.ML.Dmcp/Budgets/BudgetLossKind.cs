namespace Microsoft.ML.Dmcp;

/// <summary>Form of the budget regularisation. E is the expected cost, T the target, both in millions.</summary>
public enum BudgetLossKind
{
    /// <summary>
    /// The paper's Eq. 13: log|E − T|, zero where γT ≤ E ≤ T. Within (1 − γ)T above T it continues as its tangent, so that it stays finite.
    /// </summary>
    LogWithTolerance,

    /// <summary>
    /// The release's <c>log_l1</c>: log(r|E − T|) below 0.95T, zero up to T, log(r|E − 0.95T|) above; r = 0.1 where |E − T| &gt; 200, else
    /// 1.
    /// </summary>
    LogL1,

    /// <summary>The release's <c>l1</c>: |E − T|.</summary>
    L1,

    /// <summary>The release's <c>l2</c>: (E − T)².</summary>
    L2,

    /// <summary>The release's <c>inverted_log_l1</c>: −log(1/(|E − T| + 1e-5)).</summary>
    InvertedLogL1,
}
