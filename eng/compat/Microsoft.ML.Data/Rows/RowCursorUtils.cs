namespace Microsoft.ML.Data;

/// <summary>What cursors share.</summary>
internal static class RowCursorUtils
{
    internal const string FetchValueStateError = "Values cannot be fetched at this time. This method was called either before the first "
        + "call to MoveNext, or at any point after that method returned false.";
}
