using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A catalog, which knows the environment its components are made in.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
