namespace Microsoft.ML.Data;

/// <summary>The members of a chain, whatever its last one.</summary>
internal interface ITransformerChainAccessor
{
    ITransformer[] Transformers { get; }

    TransformerScope[] Scopes { get; }
}
