namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>What a name of the graph stands for while the network is described: a constant or features of the image.</summary>
internal abstract record OnnxValue;
