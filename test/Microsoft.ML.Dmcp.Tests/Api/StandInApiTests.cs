namespace Microsoft.ML.Dmcp.Tests.Api;

/// <summary>
/// The surface of the stand-ins (eng/compat), so that every addition is seen, and checked against the real package before. Only compiled
/// when built with them.
/// </summary>
public class StandInApiTests
{
    [Fact]
    public Task The_stand_in_of_Microsoft_ML_DataView_stays_as_approved() => Check(typeof(IDataView));

    [Fact]
    public Task The_stand_in_of_Microsoft_ML_Core_stays_as_approved() => Check(typeof(Microsoft.ML.Runtime.IHostEnvironment));

    [Fact]
    public Task The_stand_in_of_Microsoft_ML_Data_stays_as_approved() => Check(typeof(MLContext));

    [Fact]
    public Task The_stand_in_of_Microsoft_ML_ImageAnalytics_stays_as_approved() => Check(typeof(Microsoft.ML.Data.MLImage));

    [Fact]
    public Task The_stand_in_of_TorchSharp_stays_as_approved() => Check(typeof(TorchSharp.torch));

    [Fact]
    public Task The_stand_in_of_Verify_stays_as_approved() => Check(typeof(VerifyXunit.Verifier));

    private static Task Check(Type type) => Verifier.Verify(PublicApi.Of(type.Assembly), "txt").UseDirectory("../Snapshots").ToTask();
}
