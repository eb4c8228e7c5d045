using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp completion</c>: a script that has a shell ask dmcp what may come next.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # eval "$(dmcp completion bash)"
            _dmcp() {
                local words
                words=$(dmcp "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                COMPREPLY=( $(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}") )
            }
            complete -o default -F _dmcp dmcp
            """,
        ["zsh"] = """
            # eval "$(dmcp completion zsh)"
            _dmcp() {
                local -a words
                words=("${(@f)$(dmcp "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a words || _files
            }
            compdef _dmcp dmcp
            """,
        ["fish"] = """
            # dmcp completion fish | source
            complete -c dmcp -a '(dmcp "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
            """,
        ["pwsh"] = """
            # dmcp completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName dmcp -ScriptBlock {
                param($word, $line, $position)
                dmcp "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    private readonly Argument<string> _shell = new("shell") { Description = "Whose script." };

    public CompletionCommand() : base("completion", "Prints a script that completes commands and options in a shell.")
    {
        _shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Add(_shell);
    }

    public override bool ReadsSettings => false;

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("eval \"$(dmcp completion bash)\"", "in ~/.bashrc"),
        new("dmcp completion pwsh | Out-String | Invoke-Expression", "in PowerShell's $PROFILE"),
    ];

    public override void Run(CommandRun run)
    {
        var shell = run.Value(_shell)!;
        run.Console.Answer(new { shell, script = Scripts[shell] }, Scripts[shell]);
    }
}
