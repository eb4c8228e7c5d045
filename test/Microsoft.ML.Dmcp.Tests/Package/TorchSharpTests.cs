using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Tests.Estimators;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>Microsoft.ML.TorchSharp was built for TorchSharp 0.102; it shares 0.107 with this library in a process that has both.</summary>
public class TorchSharpTests
{
    private const int FirstMemberReference = 0x0A000001;

    [Fact]
    public void An_estimator_of_Microsoft_ML_TorchSharp_and_ours_live_in_one_process_over_one_TorchSharp()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var theirs = ml.MulticlassClassification.Trainers.TextClassification(labelColumnName: "Label", sentence1ColumnName: "Name");
        var mapping = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data);
        Assert.Contains(
            theirs.GetOutputSchema(MLNetInternals.ShapeOf(mapping.GetOutputSchema(data.Schema))), c => c.Name == "PredictedLabel");
        Assert.NotEmpty(ml.Transforms.DmcpSearch(TinyPipeline.Search()).Fit(mapping.Transform(data)).ChannelConfig.Groups);
        var loaded = Assert.Single(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == "TorchSharp");
        Assert.Equal(new Version(0, 107), new Version(loaded.GetName().Version!.ToString(2)));
        Assert.Contains(typeof(TextClassificationTrainer).Assembly.GetReferencedAssemblies(), a => a.Name == "TorchSharp");
    }

    [Fact]
    public void Of_all_that_Microsoft_ML_TorchSharp_calls_in_TorchSharp_only_the_interpolation_of_object_detection_is_missing()
    {
        var module = typeof(TextClassificationTrainer).Module;
        var missing = new List<string>();
        var resolved = 0;
        for (var token = FirstMemberReference; ; token++)
        {
            try
            {
                if (module.ResolveMember(token)?.Module.Assembly.GetName().Name == "TorchSharp")
                    resolved++;
            }
            catch (ArgumentOutOfRangeException)
            {
                break; // past the last reference
            }
            catch (Exception e) when (e is MissingMemberException or TypeLoadException)
            {
                missing.Add(e.Message);
            }
            catch (ArgumentException)
            {
                // A member of a generic type that only its user knows.
            }
        }
        Assert.True(resolved > 200, $"{resolved}");
        Assert.Contains("interpolate", Assert.Single(missing));
    }
}
