namespace Microsoft.ML.Runtime;

/// <summary>What a component runs in: channels, progress, randomness (through a host), and the catalog of components.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    IHost Register(string name, int? seed = null, bool? verbose = null);

    ComponentCatalog ComponentCatalog { get; }
}
