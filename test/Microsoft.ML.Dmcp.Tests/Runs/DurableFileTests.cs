using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Runs;

/// <summary>Files are written whole or not at all, and as their owner has set them up.</summary>
public sealed class DurableFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-durable").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Target => Path.Combine(_folder, "s.ckpt");

    [Fact]
    public void Abandoned_temporary_files_go_and_those_of_the_user_stay()
    {
        var abandoned = $"{Target}.{Guid.NewGuid():N}.tmp";
        string[] kept = [$"{Target}.my-notes.tmp", $"{Target}x.{Guid.NewGuid():N}.tmp", $"{Target}.{Guid.NewGuid():D}.tmp"];
        foreach (var file in kept.Append(abandoned))
        {
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-2));
        }
        var young = $"{Target}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(young, "");
        Write("new");
        Assert.Equal(kept.Append(young).Append(Target).Order(), Directory.GetFiles(_folder).Order());
    }

    [Fact]
    public void A_temporary_file_that_cannot_be_deleted_stops_no_write()
    {
        // A folder of such a name cannot be deleted as a file.
        Directory.CreateDirectory($"{Target}.{Guid.NewGuid():N}.tmp");
        Write("new");
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void Permissions_stay_and_links_are_followed_also_to_files_that_are_not_there_yet()
    {
        if (OperatingSystem.IsWindows())
            return;
        var real = Path.Combine(_folder, "elsewhere", "real");
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        File.CreateSymbolicLink(Target, real);
        Write("first");
        Assert.Equal("first", File.ReadAllText(real));
        File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write("second");
        Assert.Equal("second", File.ReadAllText(real));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(real));
        Assert.Equal(real, new FileInfo(Target).LinkTarget);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_file_and_no_other()
    {
        Write("good");
        Assert.Throws<InvalidDataException>(() => DurableFile.Write(Target, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidDataException("half");
        }));
        Assert.Equal("good", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private void Write(string text) => DurableFile.Write(Target, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
