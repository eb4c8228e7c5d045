namespace Microsoft.ML.Dmcp.Data;

/// <summary>A column that the data does not have.</summary>
internal static class MissingColumn
{
    /// <summary>The error, in ML.NET's words, with what the data has.</summary>
    /// <param name="role">What the column is for: label or feature.</param>
    /// <param name="name">Its name.</param>
    /// <param name="present">Names of the columns that there are.</param>
    public static ArgumentOutOfRangeException Error(string role, string name, IEnumerable<string> present) => new(
        "input",
        $"Could not find {role} column '{name}'. The data has: {string.Join(", ", present)}. " +
        "(AppendCacheCheckpoint drops image columns: put it before LoadImages.)");
}
