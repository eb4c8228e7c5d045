namespace Microsoft.ML.Dmcp.Data.Labels;

/// <summary>What the classes are called.</summary>
/// <param name="Texts">As text, in the order of the keys; "0", "1" … where the label column has no key values.</param>
/// <param name="Type">The type that the key values had; null where there were none.</param>
internal sealed record ClassNames(IReadOnlyList<string> Texts, ClassNameType? Type)
{
    public int Count => Texts.Count;
}
