using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>Connects a run to the log and the cancellation of the MLContext.</summary>
internal static class RunLogs
{
    /// <summary>Messages go through a channel that the caller keeps open; the run ends when the host's work is cancelled.</summary>
    public static RunLog On(IHost host, IChannel channel) => new(
        message => channel.Info(MessageSensitivity.None, message),
        message => channel.Warning(MessageSensitivity.None, message))
    {
        IsCanceled = () => MLNetInternals.IsCanceled(host),
    };

    /// <summary>Every message opens a channel for itself: for those that may come long after.</summary>
    public static RunLog On(IHost host) => new(
        message => Once(host, c => c.Info(MessageSensitivity.None, message)),
        message => Once(host, c => c.Warning(MessageSensitivity.None, message)));

    private static void Once(IHost host, Action<IChannel> say)
    {
        using var channel = host.Start("Dmcp");
        say(channel);
    }
}
