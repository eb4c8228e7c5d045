using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Tool.Commands;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Settings;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>The commands, and what happens to a line before and after one of them runs.</summary>
internal sealed class ToolApplication
{
    private static readonly Example[] Overview =
    [
        new("dmcp prune --data photos --flops 0.25", "a pre-trained network for your images at a quarter of its cost"),
        new("dmcp summary --network mobilenetv2 --size 224 --classes 1000", "what a network costs, layer by layer"),
        new("dmcp train --config config/mbv2/dmcp.yaml --data imagenet --flops 43", "the authors' search, with their config"),
        new("dmcp --mode train --config config/mbv2/dmcp.yaml --data imagenet --flops 43", "the same, as their main.py has it"),
        new("mpirun -np 4 dmcp prune --data photos --flops 0.25", "four processes share a training; srun and MPIJobs do too"),
    ];

    // Only for help: ReleaseLine makes a command of it.
    private static Option<string> ReleaseMode() => new("--mode", "-M")
    {
        Description = "As in the authors' release, in place of a command: train, eval, sample, calc_flops or calc_params.",
        HelpName = "MODE",
    };

    private readonly ToolEnvironment _environment;
    private readonly GlobalOptions _options = new();
    private readonly RootCommand _root;

    /// <param name="environment">Where output goes, and when to stop.</param>
    public ToolApplication(ToolEnvironment environment)
    {
        _environment = environment;
        _root = new RootCommand("Prunes image classifiers to a budget: DMCP and its relatives for ML.NET.")
        {
            _options.Json, _options.Verbose, _options.Settings, ReleaseMode(),
        };
        foreach (var command in ToolCommands.All())
        {
            command.SetAction(parsed => command.Run(new CommandRun(parsed, ConsoleOf(parsed), TextOf(parsed), _environment)));
            _root.Add(command);
        }
        var help = _root.Options.OfType<HelpOption>().Single();
        // Windows' own, which shells would offer as completions.
        foreach (var alias in (string[])["/h", "/?"])
            help.Aliases.Remove(alias);
        help.Action = new HelpWithExamples((HelpAction)help.Action!, Overview);
    }

    /// <summary>Runs a line.</summary>
    /// <param name="args">The words behind <c>dmcp</c>.</param>
    /// <returns>The exit code.</returns>
    public int Run(IReadOnlyList<string> args)
    {
        var parsed = _root.Parse(args);
        try
        {
            args = ReleaseLine.Translate(args);
            parsed = _root.Parse(args);
            parsed = WithSettings(args, parsed);
            if (parsed.Action is ParseErrorAction)
                throw new ToolException(LineErrors.Of(parsed));
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = _environment.Output,
                Error = _environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Ctrl-C is Interruption's
            });
        }
        catch (OperationCanceledException e)
        {
            var console = ConsoleOf(parsed);
            console.Note(e is StoppedException ? e.Message : "Stopped.");
            console.Detail(e.ToString());
            _environment.Ranks?.Abort("It was stopped.");
            return ExitCode.Stopped;
        }
        catch (BudgetOutOfReachException e) when (parsed.CommandResult.Command is ToolCommand command)
        {
            Fail(parsed, e, $"{e.Reason}: {command.BudgetRemedy(e)}.");
            return ExitCode.BudgetOutOfReach;
        }
        catch (Exception e) when (CodeOf(e) is { } code)
        {
            Fail(parsed, e, TextOf(parsed).Of(ErrorText.Of(e)));
            return code;
        }
        catch (Exception e)
        {
            // An error of ours: the user cannot mend it, but can report it.
            Fail(parsed, e, $"{e.GetType().Name}: {e.Message} This is an error in dmcp; --verbose shows where.");
            return ExitCode.Failed;
        }
    }

    /// <summary>Whether a line trains something, which several ranks can share.</summary>
    public bool Trains(IReadOnlyList<string> args)
    {
        try
        {
            return _root.Parse(ReleaseLine.Translate(args)).CommandResult.Command is ToolCommand { Trains: true }
                && !args.Contains(DryRunOption.Name);
        }
        catch (ToolException)
        {
            return false;
        }
    }

    /// <summary>Says what went wrong; another rank may not see it, and would wait for this one.</summary>
    private void Fail(ParseResult parsed, Exception exception, string message)
    {
        ConsoleOf(parsed).Fail(exception, message);
        _environment.Ranks?.Abort(message);
    }

    private static LibraryText TextOf(ParseResult parsed) =>
        new((parsed.CommandResult.Command as ToolCommand)?.OptionNames ?? new Dictionary<string, string>());

    private ToolConsole ConsoleOf(ParseResult parsed) =>
        new(_environment, parsed.GetValue(_options.Json), parsed.GetValue(_options.Verbose));

    /// <summary>The line with the options that only the settings file names.</summary>
    private ParseResult WithSettings(IReadOnlyList<string> args, ParseResult parsed)
    {
        if (parsed.CommandResult.Command is not ToolCommand { ReadsSettings: true } command
            || (parsed.Action != command.Action && parsed.Action is not ParseErrorAction))
            return parsed;
        var settings = SettingsFile.Find(_environment.Folder, parsed.GetValue(_options.Settings), _root);
        if (settings is null)
            return parsed;
        // Behind the word of the command, before what may be arguments of it.
        var at = Enumerable.Range(0, args.Count).First(i => args[i] == command.Name && IsCommand(args.Take(i + 1))) + 1;
        return _root.Parse([.. args.Take(at), .. settings.OptionsFor(command, parsed), .. args.Skip(at)]);

        bool IsCommand(IEnumerable<string> words) => _root.Parse(words.ToArray()).CommandResult.Command == command;
    }

    /// <summary>The exit code of what can go wrong without being an error of ours; null for the rest.</summary>
    private static int? CodeOf(Exception exception) => exception switch
    {
        ToolException e => e.ExitCode,
        FileNotFoundException or DirectoryNotFoundException or FormatException or ArgumentException or InvalidDataException
            => ExitCode.WrongInput,
        InvalidOperationException or IOException or UnauthorizedAccessException or ExternalException or DllNotFoundException
            or NotSupportedException or OutOfMemoryException => ExitCode.Failed,
        _ => null,
    };
}
