using System.Reflection;
using System.Reflection.Emit;
using Microsoft.ML.Dmcp.Estimators.MLNet;

namespace Microsoft.ML.Dmcp.Tests.Api;

/// <summary>Keeps the uses of what ML.NET keeps internal where they are documented: read from the code of the compiled product.</summary>
public class InternalsTests
{
    // The way in, and the constructors that ML.NET itself calls with an internal type.
    private static readonly HashSet<string> Allowed = [nameof(MLNetInternals)];

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    [Fact]
    public void No_code_of_the_product_but_the_documented_way_in_calls_what_MLNET_keeps_internal()
    {
        var uses = typeof(MLNetInternals).Assembly.GetTypes().SelectMany(type => Methods(type).SelectMany(method => Members(method).Where(IsInternalToMLNet).Select(member => (Type: Outer(type), Method: method, Member: member)))).ToArray();
        Assert.Contains(uses, u => u.Type == nameof(MLNetInternals));
        Assert.DoesNotContain(uses, u => !Allowed.Contains(u.Type));
    }

    [Fact]
    public void Types_that_MLNET_keeps_internal_stand_in_no_public_signature()
    {
        foreach (var type in typeof(MLNetInternals).Assembly.GetExportedTypes())
            foreach (var method in Methods(type).Where(m => m.IsPublic))
                Assert.DoesNotContain(method.GetParameters().Select(p => p.ParameterType), t => IsOfMLNet(t) && !t.IsVisible);
    }

    private static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return [.. type.GetMethods(all), .. type.GetConstructors(all)];
    }

    /// <summary>The members that a method's code names.</summary>
    private static IEnumerable<MemberInfo> Members(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            var operation = Codes[value];
            at += operation.Size;
            switch (operation.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType:
                    var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : []);
                    if (member is not null)
                        yield return member;
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + 4 * BitConverter.ToInt32(code, at);
                    break;
                default:
                    at += operation.OperandType switch
                    {
                        OperandType.InlineNone => 0,
                        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                        OperandType.InlineVar => 2,
                        OperandType.InlineI8 or OperandType.InlineR => 8,
                        _ => 4,
                    };
                    break;
            }
        }
    }

    private static bool IsInternalToMLNet(MemberInfo member) => member switch
    {
        Type type => IsOfMLNet(type) && !type.IsVisible,
        MethodBase method => IsOfMLNet(method.DeclaringType) && (!method.DeclaringType!.IsVisible || method.IsAssembly || method.IsPrivate || method.IsFamilyAndAssembly),
        FieldInfo field => IsOfMLNet(field.DeclaringType) && (!field.DeclaringType!.IsVisible || field.IsAssembly || field.IsPrivate || field.IsFamilyAndAssembly),
        _ => false,
    };

    private static bool IsOfMLNet(Type? type) => type?.Assembly.GetName().Name is "Microsoft.ML.Core" or "Microsoft.ML.Data" or "Microsoft.ML.DataView" or "Microsoft.ML.ImageAnalytics";

    /// <summary>The type that the compiler's own (lambdas, iterators) stand in.</summary>
    private static string Outer(Type type) => type.DeclaringType is null ? type.Name : Outer(type.DeclaringType);
}
