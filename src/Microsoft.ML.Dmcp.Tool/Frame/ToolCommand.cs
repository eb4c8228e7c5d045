namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>
/// A command of the tool. Its constructor adds its options; exit codes, settings file, errors, help, Ctrl-C and JSON are the frame's.
/// </summary>
/// <param name="name">The word behind <c>dmcp</c>.</param>
/// <param name="description">What it does, in a sentence or two.</param>
internal abstract class ToolCommand(string name, string description) : System.CommandLine.Command(name, description)
{
    /// <summary>What help shows below the options.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Whether options that the line does not name come from the settings file.</summary>
    public virtual bool ReadsSettings => true;

    /// <summary>
    /// Whether it trains, which several ranks can share. It must leave writing and answering to the first (<see cref="CommandRun.IsFirst"/>).
    /// </summary>
    public virtual bool Trains => false;

    /// <summary>Does the work.</summary>
    /// <param name="run">Values of options, the console, and when to stop.</param>
    public abstract void Run(CommandRun run);
}
