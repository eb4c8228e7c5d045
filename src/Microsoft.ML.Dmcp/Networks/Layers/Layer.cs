using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// One node of a network: what it computes from the values it reads. A layer is data only; shapes, channel groups, costs and
/// the module that runs it are all derived from it by <see cref="NetworkDescription"/> and the classes above.
/// </summary>
/// <param name="Name">Unique name within the network, such as <c>layer1.0.conv1</c>; the names of its weights start with it.</param>
/// <param name="Inputs">Indices, in <see cref="NetworkDescription.Layers"/>, of the layers whose values it reads.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(InputLayer), "input")]
[JsonDerivedType(typeof(ConvLayer), "conv")]
[JsonDerivedType(typeof(BatchNormLayer), "batchNorm")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(PoolLayer), "pool")]
[JsonDerivedType(typeof(PadLayer), "pad")]
[JsonDerivedType(typeof(GlobalPoolLayer), "globalPool")]
[JsonDerivedType(typeof(AddLayer), "add")]
[JsonDerivedType(typeof(MultiplyLayer), "multiply")]
[JsonDerivedType(typeof(ConcatLayer), "concat")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(LinearLayer), "linear")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
public abstract record Layer(string Name, IReadOnlyList<int> Inputs);
