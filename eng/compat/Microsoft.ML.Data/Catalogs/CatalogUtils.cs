using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>From a catalog to its environment: what every catalog extension starts with.</summary>
internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog)
        => Contracts.CheckRef(catalog, nameof(catalog)).Environment;
}
