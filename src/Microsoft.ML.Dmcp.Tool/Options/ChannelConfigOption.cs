using System.CommandLine;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The option that names the widths of a pruned network.</summary>
internal static class ChannelConfigOption
{
    /// <summary>A channel config: ours in JSON, or a structure of the authors' release.</summary>
    public static Option<string?> Create() => new("--chcfg")
    {
        Description = "Channel config: a .json of this tool, or a structure of the release (sample.npy, or the folder that holds it).",
        HelpName = "PATH",
    };

    /// <summary>Reads a channel config.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It does not fit the network, or is none.</exception>
    public static ChannelConfig Load(string path, NetworkDescription network) =>
        path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ChannelConfig.Load(path)
            : ChannelConfig.LoadDmcpRelease(path, network);
}
