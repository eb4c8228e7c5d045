using System.Collections.Immutable;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How often each class (row) was taken for each (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly IHost _host;
    private readonly string[] _names;
    private string _formatted;

    internal ConfusionMatrix(IHost host, double[][] counts, ReadOnlyMemory<char>[] classNames)
    {
        _host = host;
        _names = classNames.Select(n => n.ToString()).ToArray();
        NumberOfClasses = counts.Length;
        Counts = counts.Select(row => (IReadOnlyList<double>)row.ToList().AsReadOnly()).ToList().AsReadOnly();
        PerClassRecall = counts.Select((row, i) => Ratio(row[i], row.Sum())).ToImmutableArray();
        PerClassPrecision = counts.Select((row, i) => Ratio(row[i], counts.Sum(r => r[i]))).ToImmutableArray();
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    public string GetFormattedConfusionTable() => _formatted ??= Format();

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        const string message = "Invalid index. Should be non-negative, less than the number of classes.";
        bool IsClass(int index) => index > -1 && index < Counts.Count;
        _host.CheckParam(IsClass(predictedClassIndicatorIndex), nameof(predictedClassIndicatorIndex), message);
        _host.CheckParam(IsClass(actualClassIndicatorIndex), nameof(actualClassIndicatorIndex), message);
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;

    // Names too long for a column are replaced by numbers in the header, and preceded by them in the rows.
    private string Format()
    {
        var width = NumberOfClasses == 2 ? 8 : 5;
        var longest = _names.Max(n => n.Length);
        var numbered = longest > width;
        var digits = (NumberOfClasses - 1).ToString().Length;
        var margin = Math.Max("PREDICTED".Length, numbered ? longest + digits + 2 : longest);
        var pad = new string(' ', margin - "PREDICTED".Length);
        var rule = string.Concat(Enumerable.Repeat(NumberOfClasses > 2 ? "========" : "===========", NumberOfClasses));
        var text = new StringBuilder();
        text.AppendLine().AppendLine("Confusion table");
        text.AppendLine($"          {pad}||{rule}");
        text.Append($"PREDICTED {pad}||");
        for (var i = 0; i < NumberOfClasses; i++)
        {
            text.Append($" {(numbered ? i.ToString() : _names[i]).PadLeft(width)} |");
        }

        text.AppendLine(" Recall").AppendLine($"TRUTH     {pad}||{rule}");
        for (var i = 0; i < NumberOfClasses; i++)
        {
            text.Append(numbered ? $"{i.ToString().PadLeft(digits)}. {_names[i].PadLeft(margin - digits - 2)} ||"
                : $"{_names[i].PadLeft(margin)} ||");
            foreach (var count in Counts[i])
            {
                text.Append($" {count.ToString("N0").PadLeft(width)} |");
            }

            text.AppendLine($" {PerClassRecall[i],5:F4}");
        }

        text.AppendLine($"          {pad}||{rule}").Append($"Precision {pad}||");
        foreach (var precision in PerClassPrecision)
        {
            text.Append($"{precision.ToString("N4").PadLeft(width + 1)} |");
        }

        return text.AppendLine().ToString();
    }
}
