using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Commands;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>Bad input for every option of every command: one line that names the value, and exit code 2 or 3.</summary>
public sealed class BadOptionTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BadReleaseOptions.Cases), MemberType = typeof(BadReleaseOptions))]
    [MemberData(nameof(BadPruningOptions.Cases), MemberType = typeof(BadPruningOptions))]
    public void Bad_input_gets_one_line_that_names_it(string option, string line, int code, string error)
    {
        if (line.Contains("{images}", StringComparison.Ordinal))
            _folder.Draw("images", perClass: 2);
        Directory.CreateDirectory(Path.Combine(_folder.Root, "empty"));
        _folder.Write("bad.txt", "{}");
        var network = NetworkZoo.CifarResNet(20).Describe(3, 12, 12, TestImages.Classes);
        UniformScaling.Find(network, Budget.FlopsRatio(0.5)).Save(Path.Combine(_folder.Root, "config.json"));
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word
            .Replace("{res18/dmcp}", ToolFolder.Config("res18", "dmcp"), StringComparison.Ordinal)
            .Replace("{res18/retrain}", ToolFolder.Config("res18", "retrain"), StringComparison.Ordinal)
            .Replace("{images}", "images", StringComparison.Ordinal).Replace("{empty}", "empty", StringComparison.Ordinal)
            .Replace("{bad}", "bad.txt", StringComparison.Ordinal).Replace("{config}", "config.json", StringComparison.Ordinal));
        _folder.RequireRefusal(option, [.. words], code, error);
    }

    [Fact]
    public void No_option_is_missing_in_the_tables()
    {
        var tried = BadReleaseOptions.Cases.Concat(BadPruningOptions.Cases).Select(c => (string)c[0]).ToHashSet();
        foreach (var command in ToolCommands.All())
            foreach (var symbol in command.Options.Concat<Symbol>(command.Arguments))
                Assert.Contains($"{command.Name} {symbol.Name}", tried);
        var globals = new GlobalOptions();
        foreach (var option in (Option[])[globals.Json, globals.Verbose, globals.Settings])
            Assert.Contains(option.Name, tried);
        Assert.Contains("--mode", tried);
    }
}
