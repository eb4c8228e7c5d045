using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Names a class of this assembly that the component catalog can make.</summary>
internal abstract class LoadableClassAttributeBase : Attribute
{
    protected LoadableClassAttributeBase(string summary, Type instType, Type loaderType, Type argType, Type[] sigTypes, string userName,
        params string[] loadNames)
    {
        Contracts.CheckValue(instType, nameof(instType));
        Contracts.CheckValue(loaderType, nameof(loaderType));
        Contracts.CheckNonEmpty(sigTypes, nameof(sigTypes));
        LoadNames = loadNames is { Length: > 0 } ? loadNames : [userName];
        if (LoadNames.Any(string.IsNullOrWhiteSpace))
        {
            throw Contracts.ExceptEmpty(nameof(loadNames), "LoadableClass loadName parameter can't be empty");
        }

        CtorTypes = ParametersOf(sigTypes[0], argType);
        var agree = sigTypes.All(s => ParametersOf(s, argType).SequenceEqual(CtorTypes));
        Contracts.CheckParam(agree, nameof(sigTypes), "LoadableClass signatures must have the same set of parameters");
        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SigTypes = sigTypes;
        Summary = summary;
        UserName = userName;
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type ArgType { get; }

    public Type[] SigTypes { get; }

    /// <summary>The parameters of the constructor or Create method wanted, but for the environment that may come first.</summary>
    public Type[] CtorTypes { get; }

    public string Summary { get; }

    public string UserName { get; }

    public string[] LoadNames { get; }

    public string DocName { get; set; }

    private static Type[] ParametersOf(Type signature, Type argType)
    {
        Contracts.CheckValue(signature, "sigTypes");
        var invoke = signature.BaseType == typeof(MulticastDelegate) ? signature.GetMethod("Invoke") : null;
        Contracts.CheckParam(invoke is not null, "sigTypes", "LoadableClass signature type must be a delegate type");
        Contracts.CheckParam(invoke.ReturnType == typeof(void), "sigTypes",
            "LoadableClass signature type must be a delegate type with void return");
        var types = invoke.GetParameters().Select(p => p.ParameterType);
        return argType is null ? types.ToArray() : types.Prepend(argType).ToArray();
    }
}
