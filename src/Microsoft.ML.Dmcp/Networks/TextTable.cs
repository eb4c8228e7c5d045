namespace Microsoft.ML.Dmcp.Networks;

/// <summary>
/// A table as text: the first column to the left, the others to the right, no line longer than 100 characters for up to 6 numbers.
/// </summary>
/// <param name="header">Names of the columns.</param>
internal sealed class TextTable(params string[] header)
{
    private const int LongestName = 48;

    private readonly List<string[]> _rows = [header];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One text a column; empty ones for none.</param>
    public void Add(params string[] cells) => _rows.Add([Shortened(cells[0]), .. cells[1..]]);

    /// <summary>The lines, without one behind the last.</summary>
    public override string ToString()
    {
        var widths = header.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', _rows.Select(Line));

        string Line(string[] row) => string.Join("  ", row.Select((cell, column) => Padded(cell, column, widths[column]))).TrimEnd();
    }

    private static string Padded(string cell, int column, int width) => column == 0 ? cell.PadRight(width) : cell.PadLeft(width);

    // The end of a layer's name distinguishes it from its neighbours.
    private static string Shortened(string name) => name.Length <= LongestName ? name : "..." + name[^(LongestName - 3)..];
}
