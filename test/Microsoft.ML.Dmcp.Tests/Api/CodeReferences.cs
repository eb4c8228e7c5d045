using Mono.Cecil;

namespace Microsoft.ML.Dmcp.Tests.Api;

/// <summary>What compiled types refer to.</summary>
internal static class CodeReferences
{
    /// <summary>The types, methods and fields that the code of a type names.</summary>
    public static IEnumerable<MemberReference> Members(TypeDefinition type) =>
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.Operand is MemberReference
        select (MemberReference)instruction.Operand;

    /// <summary>All types that a type names, in its declaration and its code.</summary>
    public static IEnumerable<TypeReference> Types(TypeDefinition type)
    {
        var all = new List<TypeReference?> { type.BaseType };
        all.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        all.AddRange(type.Fields.Select(f => f.FieldType));
        foreach (var method in type.Methods)
        {
            all.AddRange(Named(method));
            if (method.HasBody)
                all.AddRange(method.Body.Variables.Select(v => v.VariableType));
        }
        all.AddRange(Members(type).SelectMany(Named));
        return all.OfType<TypeReference>().SelectMany(Parts);
    }

    /// <summary>The name of the type that a nested one, such as the compiler's own of lambdas and iterators, stands in.</summary>
    public static string Outer(TypeReference type) => type.DeclaringType is { } outer ? Outer(outer) : type.GetElementType().Name;

    private static IEnumerable<TypeReference?> Named(MemberReference member) => member switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method =>
        [
            method.DeclaringType,
            method.ReturnType,
            .. method.Parameters.Select(p => p.ParameterType),
            .. (method as GenericInstanceMethod)?.GenericArguments ?? [],
        ],
        _ => [],
    };

    /// <summary>A type with those it is made of: elements of arrays, arguments of generic types and of function pointers.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        FunctionPointerType function => [.. Parts(function.ReturnType), .. function.Parameters.SelectMany(p => Parts(p.ParameterType))],
        TypeSpecification special => Parts(special.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
