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

    /// <summary>What the line calls options that messages of the library name.</summary>
    public virtual IReadOnlyDictionary<string, string> OptionNames { get; } = new Dictionary<string, string>();

    /// <summary>What to do about a budget that cannot be met, in the words of the line.</summary>
    /// <param name="budget">Which one, and what can be met.</param>
    public virtual string BudgetRemedy(BudgetOutOfReachException budget) => "give another budget";

    /// <summary>Does the work.</summary>
    /// <param name="run">Values of options, the console, and when to stop.</param>
    public abstract void Run(CommandRun run);
}
