namespace Microsoft.ML.Dmcp.Tests.Networks;

public class NetworkZooTests
{
    [Fact]
    public void A_ResNet_by_its_usual_name_is_the_one_of_the_same_depth_and_is_found_again_by_its_name()
    {
        foreach (var (named, depth) in ((NetworkArchitecture, int)[])[(NetworkZoo.ResNet18(), 18), (NetworkZoo.ResNet34(), 34), (NetworkZoo.ResNet50(0.5), 50)])
        {
            var width = depth == 50 ? 0.5 : 1;
            var expected = NetworkZoo.ResNet(depth, width).Describe(3, 64, 64, 10).ToJson();
            Assert.Equal(expected, named.Describe(3, 64, 64, 10).ToJson());
            Assert.Equal(expected, NetworkZoo.Find(named.Name).Describe(3, 64, 64, 10).ToJson());
        }
    }
}
