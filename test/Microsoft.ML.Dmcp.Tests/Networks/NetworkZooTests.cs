namespace Microsoft.ML.Dmcp.Tests.Networks;

public class NetworkZooTests
{
    [Fact]
    public void A_ResNet_by_its_usual_name_is_the_one_of_the_same_depth_and_is_found_again_by_its_name()
    {
        (NetworkArchitecture Named, int Depth, double Width)[] networks =
            [(NetworkZoo.ResNet18(), 18, 1), (NetworkZoo.ResNet34(), 34, 1), (NetworkZoo.ResNet50(0.5), 50, 0.5)];
        foreach (var (named, depth, width) in networks)
        {
            var expected = NetworkZoo.ResNet(depth, width).Describe(3, 64, 64, 10).ToJson();
            Assert.Equal(expected, named.Describe(3, 64, 64, 10).ToJson());
            Assert.Equal(expected, NetworkZoo.Find(named.Name).Describe(3, 64, 64, 10).ToJson());
        }
    }
}
