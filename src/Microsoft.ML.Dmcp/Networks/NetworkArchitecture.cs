namespace Microsoft.ML.Dmcp;

/// <summary>
/// A family of networks, one for every image size and number of classes: what a user chooses before the data is seen.
/// <see cref="NetworkZoo"/> has the usual ones; the constructor takes one's own.
/// </summary>
/// <param name="name">Name, written into channel configs.</param>
/// <param name="describe">Describes the network on a builder that knows the image and the classes, ending with the layer of scores.</param>
public sealed class NetworkArchitecture(string name, Action<NetworkBuilder> describe)
{
    /// <summary>Name, written into channel configs.</summary>
    public string Name { get; } =
        string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("An architecture needs a name.", nameof(name)) : name;

    private Action<NetworkBuilder> DescribeOn { get; } = describe ?? throw new ArgumentNullException(nameof(describe));

    /// <summary>The network for images of one size.</summary>
    /// <param name="channels">Channels of the images, 3 for colour.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    /// <param name="classes">Number of classes, 2 or more.</param>
    /// <exception cref="ArgumentException">The images are too small for it, or the description does not fit together.</exception>
    public NetworkDescription Describe(int channels, int height, int width, int classes)
    {
        var builder = new NetworkBuilder(Name, channels, height, width, classes);
        DescribeOn(builder);
        return builder.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
