using System.CommandLine;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>One run of a command.</summary>
/// <param name="parsed">The parsed line, with what the settings file adds.</param>
/// <param name="console">What it says.</param>
/// <param name="library">Puts the library's messages into the words of the line.</param>
/// <param name="environment">What is around it.</param>
internal sealed class CommandRun(ParseResult parsed, ToolConsole console, LibraryText library, ToolEnvironment environment)
{
    public ToolConsole Console => console;

    /// <summary>Goes into the options of everything that takes long.</summary>
    public CancellationToken Cancellation => environment.Cancellation;

    /// <summary>The processes that share the training of this command; null for this one alone.</summary>
    public ICommunicator? Ranks => environment.Ranks;

    /// <summary>Whether this process writes files and answers, for all ranks.</summary>
    public bool IsFirst => Ranks is null or { Rank: 0 };

    /// <summary>Does on the first rank what the others wait for, such as writing a file that they read.</summary>
    public void OnFirst(Action action)
    {
        if (IsFirst)
            action();
        Ranks?.Barrier();
    }

    /// <summary>The time, the same on all ranks.</summary>
    public DateTime Now()
    {
        if (Ranks is null)
            return DateTime.Now;
        using var ticks = torch.tensor(DateTime.Now.Ticks);
        Ranks.Broadcast(ticks, root: 0);
        return new DateTime(ticks.item<long>());
    }

    /// <summary>A path of the line or of the settings file, which is relative to the folder that the tool was started in.</summary>
    public string PathOf(string path) =>
        environment.Folder == Directory.GetCurrentDirectory() ? path : Path.GetFullPath(path, environment.Folder);

    /// <summary>The value of an option: from the line, the settings file, or its default.</summary>
    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The value of an option that has a default or is required.</summary>
    public T Required<T>(Option<T> option) => parsed.GetRequiredValue(option);

    /// <summary>The value of an argument.</summary>
    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>Whether the line or the settings file names the option.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>The commands and options of the whole tool.</summary>
    public RootCommand Root => (RootCommand)parsed.RootCommandResult.Command;

    /// <summary>A context whose warnings are shown, and all else that it logs with <c>--verbose</c>.</summary>
    /// <param name="seed">Seed of everything random.</param>
    public MLContext Context(int? seed = null)
    {
        var context = new MLContext(seed);
        context.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                console.Warn(library.Of(e.RawMessage));
            else if (e.Kind == ChannelMessageKind.Info)
                console.Detail(e.RawMessage);
        };
        return context;
    }
}
