using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Questions about key types.</summary>
internal static class KeyTypeExtensions
{
    public static int GetCountAsInt32(this KeyDataViewType key, IExceptionContext ectx = null) => key.GetKeyCountAsInt32(ectx);
}
