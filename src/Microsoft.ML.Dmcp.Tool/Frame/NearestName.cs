namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>What a person meant who mistyped a name.</summary>
internal static class NearestName
{
    /// <summary>A question with the nearest known name, with a space before it; empty where none is near.</summary>
    public static string Question(string typed, IEnumerable<string> known) =>
        Of(typed, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>
    /// The known name that fewest letters distinguish from the one typed; null where that is more than about half of them.
    /// </summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        var nearest = known.MinBy(name => Distance(typed, name));
        return nearest is not null && Distance(typed, nearest) <= Math.Max(1, typed.Length / 2) ? nearest : null;
    }

    /// <summary>Levenshtein's distance: letters to insert, remove or replace.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
