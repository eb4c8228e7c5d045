using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>What a model keeps in memory while it is used, saved and refused.</summary>
public class ModelStreamTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_search_writes_its_config_as_JSON_once_and_not_for_every_view_of_it()
    {
        var data = TinyPipeline.Labelled(_ml);
        var options = new UniformScalingOptions
        {
            Network = TestImages.Network,
            FeatureColumnName = nameof(VectorRow.Pixels),
            VectorLayout = PixelLayout.Interleaved,
        };
        var search = _ml.Transforms.UniformScaling(options).Fit(data);
        Assert.Same(Config(search.GetOutputSchema(data.Schema)), Config(search.Transform(data).Schema));
    }

    [Fact]
    public void A_model_file_that_is_refused_for_its_checksum_leaves_no_weights_in_memory()
    {
        var data = TinyPipeline.Labelled(_ml);
        using var saved = new MemoryStream();
        using (var model = (PrunedNetworkTransformer)TinyPipeline.Estimator(_ml, "retrain").Fit(data))
            _ml.Model.Save(model, data.Schema, saved);
        var file = saved.ToArray();
        // TorchSharp keeps counting the tensors that became parameters: what a model leaves that is loaded and disposed of, no less.
        var usual = TensorsLeft(() => ((IDisposable)_ml.Model.Load(new MemoryStream(file), out _)).Dispose());
        var left = TensorsLeft(() =>
        {
            var error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(WithWrongChecksum(file)), out _));
            Assert.Contains("checksum", error.GetBaseException().Message);
        });
        Assert.Equal(usual, left);
    }

    private static long TensorsLeft(Action action)
    {
        var before = torch.Tensor.TotalCount;
        action();
        return torch.Tensor.TotalCount - before;
    }

    private static byte[] WithWrongChecksum(byte[] file)
    {
        using var zip = new MemoryStream();
        zip.Write(file);
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true))
        using (var content = archive.Entries.Single(e => e.Name == "Dmcp").Open())
        {
            content.Seek(-1, SeekOrigin.End);
            var last = content.ReadByte();
            content.Seek(-1, SeekOrigin.End);
            content.WriteByte((byte)~last);
        }
        return zip.ToArray();
    }

    private static string Config(DataViewSchema schema)
    {
        ReadOnlyMemory<char> json = default;
        schema["ChannelWidths"].Annotations.GetValue("DmcpChannelConfig", ref json);
        Assert.True(MemoryMarshal.TryGetString(json, out var text, out _, out _));
        return text!;
    }
}
