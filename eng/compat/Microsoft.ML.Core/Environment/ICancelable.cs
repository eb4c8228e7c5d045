namespace Microsoft.ML.Runtime;

/// <summary>An environment whose work can be told to stop (see <see cref="Contracts.CheckAlive"/>).</summary>
internal interface ICancelable
{
    void CancelExecution();

    bool IsCanceled { get; }
}
