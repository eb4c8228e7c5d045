namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>
/// The line of the authors' release, whose mode is an option: <c>--mode calc_flops --config ...</c> is <c>calc-flops --config ...</c>.
/// </summary>
internal static class ReleaseLine
{
    // What the release takes when no mode is named.
    private const string UsualMode = "eval";

    private static readonly string[] Modes = ["train", UsualMode, "sample", "calc_flops", "calc_params"];
    private static readonly string[] Options = ["--config", "-C", "--data", "-D", "--flops", "-F", "--chcfg"];

    /// <summary>A line with the mode as its command; every other line as it is.</summary>
    /// <exception cref="ToolException">There is no such mode.</exception>
    public static IReadOnlyList<string> Translate(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !args[0].StartsWith('-'))
            return args;
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (name is not ("--mode" or "-M"))
                continue;
            var rest = args.Take(i).Concat(args.Skip(value is null ? i + 2 : i + 1));
            return [CommandOf(value ?? args.ElementAtOrDefault(i + 1) ?? ""), .. rest];
        }
        return Options.Contains(args[0].Split('=')[0]) ? [UsualMode, .. args] : args;
    }

    private static string CommandOf(string mode)
    {
        var name = mode.Replace('-', '_');
        return Modes.Contains(name) ? name.Replace('_', '-')
            : throw new ToolException(
                $"--mode is '{mode}'; needed is one of {string.Join(", ", Modes)}.{NearestName.Question(name, Modes)}");
    }
}
