using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed partial class ComponentCatalog
{
    /// <summary>A loadable class and how to make it: by a constructor, or by a static method Create, with or without the
    /// environment before the other parameters.</summary>
    internal sealed class LoadableClassInfo
    {
        private const BindingFlags AnyAccess = BindingFlags.Public | BindingFlags.NonPublic;
        private readonly MethodBase _maker;
        private readonly bool _requiresEnvironment;

        private LoadableClassInfo(LoadableClassAttributeBase attribute, MethodBase maker)
        {
            Type = attribute.InstanceType;
            LoaderType = attribute.LoaderType;
            LoadNames = attribute.LoadNames;
            Summary = attribute.Summary;
            UserName = attribute.UserName;
            ExtraArgCount = attribute.CtorTypes.Length;
            _maker = maker;
            _requiresEnvironment = maker.GetParameters().Length > ExtraArgCount;
        }

        public Type Type { get; }

        public Type LoaderType { get; }

        public IReadOnlyList<string> LoadNames { get; }

        public string Summary { get; }

        public string UserName { get; }

        internal int ExtraArgCount { get; }

        public static LoadableClassInfo TryCreate(LoadableClassAttributeBase attribute)
        {
            Type[] plain = attribute.CtorTypes;
            Type[] withEnvironment = [typeof(IHostEnvironment), .. plain];
            MethodBase constructor = attribute.InstanceType.IsAssignableFrom(attribute.LoaderType)
                ? FindConstructor(attribute.LoaderType, plain) ?? FindConstructor(attribute.LoaderType, withEnvironment)
                : null;
            MethodBase create = FindCreate(attribute, plain) ?? FindCreate(attribute, withEnvironment);
            if (constructor is not null && create is not null)
            {
                var (byConstructor, byCreate) = (Openness(constructor), Openness(create));
                Contracts.Check(byConstructor != byCreate,
                    $"Can't load type {attribute.InstanceType}, because it has both create and constructor methods with the same visibility. Please indicate which one should be used by changing either the signature or the visibility of one of them.");
                return new LoadableClassInfo(attribute, byConstructor > byCreate ? constructor : create);
            }

            var maker = constructor ?? create;
            return maker is null ? null : new LoadableClassInfo(attribute, maker);
        }

        public object CreateInstance(IHostEnvironment env, object[] extra)
        {
            Contracts.CheckValue(env, nameof(env));
            object[] arguments = _requiresEnvironment ? [env, .. extra] : extra;
            try
            {
                return _maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : _maker.Invoke(null, arguments);
            }
            catch (TargetInvocationException ex) when (ex.InnerException is not null && ex.InnerException.IsMarked())
            {
                throw Contracts.Except(ex, "Error during class instantiation");
            }
        }

        private static ConstructorInfo FindConstructor(Type type, Type[] parameters)
            => type.GetConstructor(BindingFlags.Instance | AnyAccess, null, parameters, null);

        private static MethodInfo FindCreate(LoadableClassAttributeBase attribute, Type[] parameters)
        {
            var method = attribute.LoaderType.GetMethod("Create", BindingFlags.Static | AnyAccess, null, parameters, null);
            return method?.ReturnType == attribute.InstanceType ? method : null;
        }

        private static int Openness(MethodBase method)
            => method.IsPublic ? 5 : method.IsAssembly ? 4 : method.IsFamilyOrAssembly ? 3 : method.IsFamily ? 2 : method.IsPrivate ? 1 : 0;
    }
}
