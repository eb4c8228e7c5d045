using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>What the library says of options of C#, in the words of a line.</summary>
public sealed class LibraryTextTests
{
    private static readonly LibraryText Text =
        new(new Dictionary<string, string> { ["CheckpointPath"] = "--output", ["WarmUpShare"] = "" });

    [Theory]
    [InlineData("Delete it, or give another CheckpointPath.", "Delete it, or give another --output.")]
    [InlineData("ResNet-18 has no MobileNetV2 in its CheckpointPaths.", "ResNet-18 has no MobileNetV2 in its CheckpointPaths.")]
    [InlineData("Delete it, or name another CheckpointPath; to go on, WarmUpShare = 0.", "Delete it, or name another --output.")]
    [InlineData("It is there; give another CheckpointPath. WarmUpShare stays.", "It is there; give another --output. WarmUpShare stays.")]
    public void Options_get_the_names_of_the_line_and_advice_that_it_cannot_follow_is_left_out(string message, string expected) =>
        Assert.Equal(expected, Text.Of(message));
}
