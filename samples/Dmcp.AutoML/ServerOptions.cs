using System.Net;
using System.Security.Cryptography;

namespace Dmcp.AutoML;

/// <summary>Where the page is served, and to whom.</summary>
internal sealed record ServerOptions
{
    /// <summary>The address to listen on.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port; 0 for any that is free.</summary>
    public required int Port { get; init; }

    /// <summary>Folder of uploads, checkpoints and models.</summary>
    public required string Workspace { get; init; }

    /// <summary>Largest upload in bytes; what it unpacks to may have four times as many.</summary>
    public required long LargestUpload { get; init; }

    /// <summary>Threads of libtorch; null for all processors.</summary>
    public required int? Threads { get; init; }

    /// <summary>What everyone must know who is not on this machine; null where nobody else is let in.</summary>
    public string? Token { get; init; }

    /// <summary>The token for an address: one of its own where others can reach it.</summary>
    public static string? TokenFor(IPAddress address, string? given) => given
        ?? (IPAddress.IsLoopback(address) ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
}
