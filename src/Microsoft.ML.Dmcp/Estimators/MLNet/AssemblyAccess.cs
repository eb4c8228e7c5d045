using System.Runtime.CompilerServices;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

#pragma warning disable IDE0161 // Attributes of the assembly stand before the namespace that declares them.
namespace System.Runtime.CompilerServices
{
    /// <summary>
    /// Lets this assembly use the internals of another. The runtime knows the attribute by name and expects each assembly to declare it;
    /// ML.NET lets its own components in by InternalsVisibleTo, which it cannot do for others.
    /// </summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}
