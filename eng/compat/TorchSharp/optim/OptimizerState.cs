using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public abstract void Initialize(OptimizerOptions options);

    public virtual void to(Device device)
    {
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        result?.Dispose();
        result = null;
        if (reader.ReadBoolean())
            result = TensorExtensionMethods.Load(reader).to(device, disposeAfter: true).DetachFromDisposeScope();
    }

    private protected static Tensor? Copy(Tensor? source, Tensor? replaced, Device device)
    {
        var copy = source?.to(device, copy: true).DetachFromDisposeScope();
        replaced?.Dispose();
        return copy;
    }

    private protected static bool Same(Tensor? left, Tensor? right) =>
        left is null ? right is null : right is not null && left.allclose(right);
}
