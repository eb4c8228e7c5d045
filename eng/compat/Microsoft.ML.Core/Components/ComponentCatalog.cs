using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that can be made by name, such as those that a model file names. Here: those without arguments.</summary>
public sealed partial class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClassInfo> _classes = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>Adds the loadable classes of an assembly, once.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
            {
                return;
            }

            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
            {
                if (attribute.ArgType is not null)
                {
                    continue; // made from command lines only, which this stand-in does not read
                }

                var info = LoadableClassInfo.TryCreate(attribute);
                if (info is not null)
                {
                    Add(info, attribute, throwOnError);
                }
                else if (throwOnError)
                {
                    throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
                }
            }
        }
    }

    internal LoadableClassInfo GetLoadableClassInfo<TSig>(string loadName) => GetLoadableClassInfo(loadName, typeof(TSig));

    internal LoadableClassInfo GetLoadableClassInfo(string loadName, Type signatureType)
    {
        Contracts.CheckParam(signatureType.BaseType == typeof(MulticastDelegate), nameof(signatureType),
            "signatureType must be a delegate type");
        return _classes.GetValueOrDefault((Key(loadName ?? ""), signatureType));
    }

    internal static bool TryCreateInstance<TRes, TSig>(IHostEnvironment env, out TRes result, string name, string options,
        params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        var info = env.ComponentCatalog.GetLoadableClassInfo<TSig>(name);
        if (info is null)
        {
            result = null;
            return false;
        }

        if (!typeof(TRes).IsAssignableFrom(info.Type))
        {
            throw env.Except("Loadable class '{0}' does not derive from '{1}'", name, typeof(TRes).FullName);
        }

        if (info.ExtraArgCount != extra.Length)
        {
            throw env.Except("Wrong number of extra parameters for loadable class '{0}', need '{1}', given '{2}'", name,
                info.ExtraArgCount, extra.Length);
        }

        if (!string.IsNullOrEmpty(options))
        {
            throw env.Except("Loadable class '{0}' doesn't support settings", name);
        }

        result = (TRes)info.CreateInstance(env, extra);
        return true;
    }

    private static string Key(string name) => name.ToLowerInvariant().Trim();

    private void Add(LoadableClassInfo info, LoadableClassAttributeBase attribute, bool throwOnError)
    {
        foreach (var signature in attribute.SigTypes)
        {
            foreach (var name in attribute.LoadNames)
            {
                if (!_classes.TryAdd((Key(name), signature), info) && throwOnError)
                {
                    throw Contracts.Except($"ComponentCatalog cannot map name '{name}' and SignatureType '{signature}' to {info.Type.Name}, already mapped to {_classes[(Key(name), signature)].Type.Name}.");
                }
            }
        }
    }
}
