using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Settings;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp init</c>: writes a settings file.</summary>
internal sealed class InitCommand : ToolCommand
{
    private readonly Option<bool> _force = new("--force") { Description = "Replaces a file that is there." };

    public InitCommand() : base("init", $"Writes {SettingsFile.UsualName} with every setting as a comment.") => Add(_force);

    public override bool ReadsSettings => false;

    public override IReadOnlyList<Example> Examples { get; } = [new("dmcp init", $"{SettingsFile.UsualName} in this folder")];

    public override void Run(CommandRun run)
    {
        var path = run.PathOf(SettingsFile.UsualName);
        if (File.Exists(path) && !run.Value(_force))
            throw new ToolException($"'{path}' is there already; --force replaces it.");
        var commands = run.Root.Subcommands.OfType<ToolCommand>().Where(c => c.ReadsSettings).ToArray();
        WholeFile.Write(path, temporary => File.WriteAllText(temporary, SettingsTemplate.Of(commands, run.Root)));
        run.Console.Answer(new { file = Path.GetFullPath(path) }, $"Written: {path}");
    }
}
