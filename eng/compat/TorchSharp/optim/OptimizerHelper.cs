using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimizers share: groups, states, and their file format.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    protected OptimizerOptions _defaults = new();

    private protected readonly Dictionary<Parameter, OptimizerState> States = new(ReferenceEqualityComparer.Instance);

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    /// <summary>The optimizer's name, the numbers of groups and states, then the options and the states.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.Encode(state.Options.Count);
        writer.Encode(state.State.Count);
        foreach (var options in state.Options)
            options.SaveStateDict(writer);
        foreach (var entry in state.State)
            entry.SaveStateDict(writer);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var name = reader.ReadString();
        if (name != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{name}' in the loaded stream.");
        var groups = reader.Decode();
        var entries = reader.Decode();
        var state = state_dict();
        Match(groups, state.Options.Count, entries, state.State.Count);
        foreach (var options in state.Options)
            options.LoadStateDict(reader);
        foreach (var entry in state.State)
            entry.LoadStateDict(reader);
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        Match(state_dict.Options.Count, own.Options.Count, state_dict.State.Count, own.State.Count);
        for (var i = 0; i < own.Options.Count; i++)
            if (own.Options[i] != state_dict.Options[i])
                own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            if (own.State[i] != state_dict.State[i])
                own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public virtual StateDictionary state_dict()
    {
        var state = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            state.Options.Add(group.Options);
            state.StateIndexRef.Add([]);
            foreach (var parameter in group.Parameters)
            {
                state.StateIndexRef[^1].Add(state.State.Count);
                state.State.Add(States[parameter]);
            }
        }
        return state;
    }

    /// <summary>Moves the states to a device.</summary>
    public void to(Device device)
    {
        foreach (var parameter in parameters())
            States[parameter].to(device);
    }

    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var grad = parameter.grad;
            grad?.zero_();
        }
    }

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var state in States.Values.OfType<IDisposable>())
            state.Dispose();
        States.Clear();
    }

    /// <summary>Runs the closure with gradients, then the body for each group without, freeing what the body makes.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var _ = enable_grad();
            loss = loss_closure();
        }
        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (var group in _parameter_groups)
                body((T)group);
        }
        return loss;
    }

    private static void Match(long groups, int ownGroups, long states, int ownStates)
    {
        if (groups != ownGroups)
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != ownStates)
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}
