using System.Diagnostics;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// Networks to time, each once. All are timed in every round, and the shortest median counts: another program, which only adds to the time,
/// may be there in one round and gone in the next.
/// </summary>
/// <param name="options">Engine, batch, threads and time limit; checked.</param>
internal sealed class TimedNetworks(LatencyOptions options)
{
    private const int Rounds = 3;

    private readonly Dictionary<string, (NetworkDescription Network, int Weight, double Microseconds)> _networks = [];

    /// <summary>The time of one run in microseconds; 0, and the network is planned, before <see cref="Measure"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weight">How much longer it is measured than others.</param>
    public double TimeOf(NetworkDescription network, int weight = 1)
    {
        var key = network.ToJson();
        if (!_networks.TryGetValue(key, out var timed))
            _networks.Add(key, timed = (network, weight, 0));
        return timed.Microseconds;
    }

    /// <summary>Times all that are planned.</summary>
    /// <exception cref="OperationCanceledException">The measurement is cancelled.</exception>
    public void Measure()
    {
        var (meter, watch) = (new LatencyMeter(options), Stopwatch.StartNew());
        var all = Rounds * _networks.Values.Sum(n => n.Weight);
        var left = all;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (key, (network, weight, best)) in _networks.ToArray())
            {
                options.Progress?.Invoke(1 - (double)left / all);
                var time = meter.Microseconds(network, (options.TimeLimit - watch.Elapsed) * ((double)weight / left));
                _networks[key] = (network, weight, round == 0 ? time : Math.Min(best, time));
                left -= weight;
            }
        }
        options.Progress?.Invoke(1);
    }
}
