using System.CommandLine;
using System.CommandLine.Completions;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The option that names a network of the zoo.</summary>
internal static class NetworkOption
{
    /// <summary>A network of the zoo by its name; NetworkZoo.Find reads it.</summary>
    /// <param name="usual">The default; null where the option is required.</param>
    public static Option<string> Create(string? usual)
    {
        var option = new Option<string>("--network")
        {
            Description = $"Network: {string.Join(", ", NetworkZoo.Names)}; '@0.5' behind a name multiplies its widths.",
            HelpName = "NAME",
            Required = usual is null,
        };
        if (usual is not null)
            option.DefaultValueFactory = _ => usual;
        option.CompletionSources.Add(_ => NetworkZoo.Names.Select(name => new CompletionItem(name)));
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && Problem(name) is { } problem)
                result.AddError(problem);
        });
        return option;
    }

    /// <summary>What is wrong with a name; null for nothing.</summary>
    public static string? Problem(string name)
    {
        try
        {
            NetworkZoo.Find(name);
            return null;
        }
        catch (ArgumentException e)
        {
            return ErrorText.Of(e);
        }
    }
}
