using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>What every search leaves in a pipeline.</summary>
/// <param name="OutputColumn">Name of the column of widths.</param>
/// <param name="Config">The found config.</param>
/// <param name="Network">The unpruned network.</param>
/// <param name="Checkpoint">Full name of the search's checkpoint, which holds its weights; null for none. Not kept in model files.</param>
/// <param name="Teacher">Full name of the checkpoint that the search learned from; null for none. Not kept in model files.</param>
/// <param name="Comparison">How the config compares with uniform widths; null where it was not compared. Not kept in model files.</param>
internal sealed record SearchedNetwork(
    string OutputColumn, ChannelConfig Config, NetworkDescription Network, string? Checkpoint = null, string? Teacher = null,
    UniformComparison? Comparison = null)
{
    /// <summary>The budget; null for a search of a file, where it is text among the settings.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The last report of every epoch. Not kept in model files.</summary>
    public IReadOnlyList<TrainingProgress> History { get; init; } = [];

    private const int LongestText = 16 << 20;

    public void Write(BinaryWriter writer)
    {
        writer.Write(OutputColumn);
        writer.Write(Config.ToJson());
        writer.Write(Network.ToJson());
    }

    /// <exception cref="FormatException">The config is damaged.</exception>
    /// <exception cref="ArgumentException">The config is not of the network.</exception>
    public static SearchedNetwork Read(BinaryReader reader)
    {
        var outputColumn = reader.ReadText(LongestText);
        var config = ChannelConfig.FromJson(reader.ReadText(LongestText));
        var network = NetworkDescription.FromJson(reader.ReadText(LongestText));
        var searched = new SearchedNetwork(outputColumn, config, network);
        searched.Config.WidthsFor(searched.Network);
        return searched;
    }
}
