using Microsoft.ML.Dmcp.Interop.Configs;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Channel configs of other tools, as members of <see cref="ChannelConfig"/>: the DMCP authors' release, MMRazor, and plain lists of
/// widths.
/// <code>
/// var network = NetworkZoo.ResNet50().Describe(channels: 3, height: 224, width: 224, classes: 10);
/// var retraining = new PrunedRetrainOptions { ChannelConfig = ChannelConfig.LoadDmcpRelease("model_sample/expected_ch", network) };
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// The network is the unpruned one, described for the images and classes that it will be trained on: the files do not say them. What is
/// loaded is a config of that network with its costs counted, for <see cref="PrunedRetrainOptions.ChannelConfig"/>. The formats hold widths
/// only: which channels a method such as DAIS keeps (<see cref="ConfiguredGroup.Kept"/>) is not written.
/// </para>
/// <para>
/// The release and MMRazor name the layers of ResNets and of MobileNetV2 in their own way. They are found where the network's layers are
/// named as those of <see cref="NetworkZoo"/>.
/// </para>
/// </remarks>
public static class ChannelConfigFormats
{
    extension(ChannelConfig)
    {
        /// <summary>
        /// Reads a structure that the authors' DMCP release found (<c>sample.npy</c>): a Python dict of the channels that every convolution
        /// reads and makes, saved by NumPy. No code of the pickle in it is run; what is no such dict is refused.
        /// </summary>
        /// <param name="path">The file, or the folder that has it as <c>sample.npy</c>, which the release's <c>--chcfg</c> names.</param>
        /// <param name="network">The unpruned network, such as MobileNetV2 1.5x, described.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="FormatException">
        /// It is no such dict, has other layers than the network, or gives layers that must have one width different ones: the message
        /// names the first.
        /// </exception>
        /// <exception cref="ArgumentException">The release has no network with these layers.</exception>
        public static ChannelConfig LoadDmcpRelease(string path, NetworkDescription network)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ArgumentNullException.ThrowIfNull(network);
            var file = Directory.Exists(path) ? Path.Combine(path, ReleaseConfig.FileName) : path;
            return ConfigFile.Load(file, bytes => ReleaseConfig.Read(bytes, network));
        }

        /// <summary>
        /// Reads MMRazor's channel units (JSON): the subnet that its DMCP writes, only its units, or only the choice of every unit. A
        /// choice that is larger than its unit means all channels, as it does there.
        /// </summary>
        /// <param name="path">The file.</param>
        /// <param name="network">The unpruned network, described.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="FormatException">
        /// It is no such JSON, has other units than the network, or gives one channel group two widths: the message names the first.
        /// </exception>
        /// <exception cref="ArgumentException">MMClassification's names for the layers of this network are not known.</exception>
        public static ChannelConfig LoadMMRazor(string path, NetworkDescription network)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ArgumentNullException.ThrowIfNull(network);
            return ConfigFile.Load(path, bytes => MMRazorConfig.Read(bytes, network));
        }

        /// <summary>
        /// Reads a list of widths: integers in a JSON array, or separated by commas or white space. There is one for every channel group,
        /// in the order of <see cref="NetworkDescription.Groups"/>, or one for every layer that can be pruned (convolutions, depth-wise
        /// ones too, and linear layers), in the order of <see cref="NetworkDescription.Layers"/>.
        /// </summary>
        /// <param name="path">The file.</param>
        /// <param name="network">The unpruned network, described.</param>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="FormatException">
        /// It is no list of integers, has another count, a width out of range, or different widths for layers that must have one: the
        /// message names the first.
        /// </exception>
        public static ChannelConfig LoadWidths(string path, NetworkDescription network)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ArgumentNullException.ThrowIfNull(network);
            return ConfigFile.Load(path, bytes => WidthList.Read(bytes, network));
        }
    }

    extension(ChannelConfig config)
    {
        /// <summary>
        /// Writes the widths as the authors' DMCP release reads them, with <c>--chcfg FOLDER</c> for a file named <c>sample.npy</c> in it.
        /// </summary>
        /// <remarks>
        /// The release builds ResNet-18, ResNet-50 and MobileNetV2. Its MobileNetV2 adds a shortcut wherever the pruned widths before and
        /// behind a block of stride 1 happen to be equal, also where the unpruned network has none.
        /// </remarks>
        /// <param name="path">The file; replaced if it exists, whole or not at all.</param>
        /// <param name="network">The unpruned network, described.</param>
        /// <exception cref="ArgumentException">The config is of another network, or the release has none with these layers.</exception>
        /// <exception cref="IOException">The file cannot be written.</exception>
        public void SaveAsDmcpRelease(string path, NetworkDescription network)
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ConfigFile.Save(path, ReleaseConfig.Write(network, config.WidthsFor(network)));
        }

        /// <summary>
        /// Writes the widths as the JSON that MMRazor's DMCP writes: for <c>fix_subnet</c> of a <c>sub_model</c> with
        /// <c>mode='mutator'</c>.
        /// </summary>
        /// <param name="path">The file; replaced if it exists, whole or not at all.</param>
        /// <param name="network">The unpruned network, described.</param>
        /// <exception cref="ArgumentException">
        /// The config is of another network, or MMClassification's names for its layers are not known.
        /// </exception>
        /// <exception cref="IOException">The file cannot be written.</exception>
        public void SaveAsMMRazor(string path, NetworkDescription network)
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ConfigFile.Save(path, MMRazorConfig.Write(network, config.WidthsFor(network)));
        }

        /// <summary>Writes the widths as a JSON array, one for every channel group in the order of the network's.</summary>
        /// <param name="path">The file; replaced if it exists, whole or not at all.</param>
        /// <exception cref="IOException">The file cannot be written.</exception>
        public void SaveWidths(string path)
        {
            ArgumentNullException.ThrowIfNull(config);
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ConfigFile.Save(path, WidthList.Write(config.Groups.Select(g => g.Width)));
        }
    }
}
