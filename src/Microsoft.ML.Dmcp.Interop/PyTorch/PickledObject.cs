namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>What Python would have made by a call; here nothing was called.</summary>
/// <param name="Type">What would have been called.</param>
internal sealed record PickledObject(PickledGlobal Type);
