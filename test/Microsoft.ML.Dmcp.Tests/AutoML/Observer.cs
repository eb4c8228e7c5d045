namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>Hears of trials at once, on the thread of the experiment.</summary>
internal sealed class Observer(Action<DmcpTrial> report) : IProgress<DmcpTrial>
{
    public void Report(DmcpTrial value) => report(value);
}
