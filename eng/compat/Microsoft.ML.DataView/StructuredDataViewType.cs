namespace Microsoft.ML.Data;

/// <summary>A type whose values are composite: vectors, images.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    protected StructuredDataViewType(Type rawType)
        : base(rawType)
    {
    }
}
