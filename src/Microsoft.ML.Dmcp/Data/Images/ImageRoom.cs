namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>Where decoded images may be kept.</summary>
/// <param name="Memory">Bytes of memory that they may take.</param>
/// <param name="Folder">Folder of the temporary file that takes the others.</param>
internal sealed record ImageRoom(long Memory, string Folder)
{
    // Bytes of the disk that are left to others.
    private const long LeftFree = 1 << 28;
    private static readonly string[] FormatsInMemory = ["tmpfs", "ramfs"];

    /// <summary>
    /// The room of this process: together with what it holds already, images take half of the memory that it may use, so that the system
    /// can keep a part of the file in the rest.
    /// </summary>
    public static ImageRoom OfProcess() => new(
        Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 - GC.GetTotalMemory(forceFullCollection: false)),
        Path.GetTempPath());

    /// <summary>Bytes that the file may take: none in a folder that lies in memory itself.</summary>
    public long FreeDisk => Drive is { } drive && !IsInMemory(drive) ? Math.Max(0, drive.AvailableFreeSpace - LeftFree) : 0;

    /// <summary>The folder, and what it has room for.</summary>
    public override string ToString() => $"folder '{Folder}' " + (Drive is not { } drive ? "does not exist"
        : IsInMemory(drive) ? "lies in memory itself"
        : FormattableString.Invariant($"has room for {(double)FreeDisk / (1 << 30):0.00} GB"));

    // Where Linux and macOS mount a drive is for .NET to find.
    private DriveInfo? Drive => !Directory.Exists(Folder) ? null
        : new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(Folder))! : Folder);

    private static bool IsInMemory(DriveInfo drive) => FormatsInMemory.Contains(drive.DriveFormat);
}
