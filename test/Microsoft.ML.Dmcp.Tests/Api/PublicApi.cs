using System.Globalization;
using System.Reflection;
using System.Text;

namespace Microsoft.ML.Dmcp.Tests.Api;

/// <summary>The public surface of an assembly as text, one line a member, in an order of its own.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type, full: true));
            var bases = (type is { IsClass: true, BaseType: { } b } && b != typeof(object) && !type.IsSubclassOf(typeof(Delegate)) ? [b] : Array.Empty<Type>())
                .Concat(type.IsEnum || type.IsSubclassOf(typeof(Delegate)) ? [] : type.GetInterfaces().Where(i => i.IsPublic && !i.Namespace!.StartsWith("System", StringComparison.Ordinal)).OrderBy(i => i.FullName, StringComparer.Ordinal));
            text.AppendJoin("", bases.Select((x, i) => (i == 0 ? " : " : ", ") + Name(x))).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(line).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}");
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly)
            .Select(f => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{(f.IsInitOnly ? "readonly " : "")}{Name(f.FieldType)} {f.Name}{(f.IsLiteral ? " = " + Value(f.GetRawConstantValue()) : "")}");
        var constructors = type.GetConstructors(Declared).Where(IsVisible).Select(c => $"new({Parameters(c)})");
        var methods = type.GetMethods(Declared).Where(IsVisible).Where(m => !m.Name.Contains('<', StringComparison.Ordinal) && !IsRecordPlumbing(m))
            .Select(m => $"{(m.IsStatic ? "static " : m is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract " : "")}{Name(m.ReturnType)} {m.Name}{Generic(m)}({Parameters(m)})");
        return fields.Concat(constructors).Concat(methods);
    }

    private static bool IsVisible(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static bool IsRecordPlumbing(MethodInfo m) => m.Name is "PrintMembers" or "GetHashCode" or "Equals" or "op_Equality" or "op_Inequality" or "ToString" or "get_EqualityContract"
        && m.DeclaringType!.GetMethod("<Clone>$") is not null;

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : type.IsValueType ? "struct"
        : (type.IsAbstract, type.IsSealed) switch { (true, true) => "static class", (true, false) => "abstract class", (false, true) => "sealed class", _ => "class" };

    private static string Generic(MethodInfo m) => m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + Value(p.DefaultValue) : "")}"));

    private static string Value(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Name(Type type, bool full = false)
    {
        if (type.IsByRef)
            return "ref " + Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (type.IsPointer)
            return Name(type.GetElementType()!) + "*";
        if (type.IsGenericParameter)
            return type.Name;
        var name = type.IsNested ? $"{Name(type.DeclaringType!, full)}.{type.Name}" : full ? type.FullName! : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(a => Name(a)))}>" : name;
    }
}
