using System.Globalization;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>
/// The parts of a workload's name: the kind, the network of the zoo where it has one, and parameters, as in
/// <c>search:cifar-resnet56@0.5:size=32:batch=64:classes=100</c>.
/// </summary>
internal sealed class WorkloadName
{
    private readonly Dictionary<string, string> _parameters = [];

    /// <summary>Takes a name apart.</summary>
    /// <param name="text">The name.</param>
    /// <param name="allowed">Parameters that the kind has.</param>
    /// <exception cref="ArgumentException">The name has other parameters.</exception>
    public WorkloadName(string text, params string[] allowed)
    {
        foreach (var part in text.Split(':').Skip(1))
        {
            var (key, value) = part.Split('=') switch
            {
                [var network] when Network.Length == 0 && _parameters.Count == 0 => (null, network),
                [var k, var v] when allowed.Contains(k) => (k, v),
                _ => throw new ArgumentException($"'{part}' in the workload '{text}' is not understood; known are {Known(allowed)}."),
            };
            if (key is null)
                Network = value;
            else
                _parameters[key] = value;
        }
    }

    /// <summary>The network, such as <c>mobilenetv2@1.5</c>; empty when there is none.</summary>
    public string Network { get; } = "";

    /// <summary>A parameter that is a whole number above 0.</summary>
    public int Number(string key, int otherwise) => !_parameters.TryGetValue(key, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new ArgumentException($"'{key}={text}': a whole number above 0 is needed.");

    /// <summary>A parameter that is a word.</summary>
    public string Word(string key, string otherwise) => _parameters.GetValueOrDefault(key, otherwise);

    private static string Known(string[] parameters) => string.Join(", ", parameters.Select(p => p + "=..."));
}
