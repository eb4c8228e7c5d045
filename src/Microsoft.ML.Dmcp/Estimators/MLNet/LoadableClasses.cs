using Microsoft.ML;
using Microsoft.ML.Dmcp;

// How mlContext.Model.Load finds our transformers: by these names, in the assembly whose name the model file holds.
[assembly: LoadableClass(
    typeof(DmcpSearchTransformer), null, typeof(SignatureLoadModel), "DMCP channel search", DmcpSearchTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ChannelSearchTransformer), null, typeof(SignatureLoadModel), "Channel search", ChannelSearchTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(PrunedNetworkTransformer), null, typeof(SignatureLoadModel), "Pruned network", PrunedNetworkTransformer.LoaderSignature)]
