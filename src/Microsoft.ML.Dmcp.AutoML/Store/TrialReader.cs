using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>Makes trials of rows that anyone with access to the database may have changed.</summary>
/// <param name="store">What messages call it.</param>
internal sealed class TrialReader(string store)
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "number, network, method, budget, seed, state, trained_epochs, neighbour, worker, beat, losses, reason, " +
        "CASE WHEN length(config) > 4000000 THEN '' ELSE config END, cost, " +
        "CASE WHEN length(metrics) > 4000000 THEN '' ELSE metrics END, " +
        "CASE WHEN length(progress) > 10000 THEN '' ELSE progress END, started, ended, seconds";

    /// <summary>The columns that <see cref="ReadEpoch"/> reads.</summary>
    public const string EpochColumns = "number, phase, epoch, loss, accuracy, validation";

    private static readonly StoreJson Json = StoreJson.Default;

    /// <exception cref="FormatException">A value cannot be; the message names the trial and the column.</exception>
    public StoredTrial Read(DbDataReader row)
    {
        var number = Whole(row, 0, 0, "number");
        return new StoredTrial
        {
            Number = number,
            Network = Text(row, 1) ?? "",
            Method = Known<DmcpTrialMethod>(row, 2, number, "method"),
            Amount = Real(row, 3) is >= 0 and < double.PositiveInfinity and var amount ? amount : throw Wrong(number, "budget", row[3]),
            Seed = Whole(row, 4, number, "seed"),
            State = Known<DmcpTrialState>(row, 5, number, "state"),
            TrainedEpochs = Whole(row, 6, number, "trained_epochs"),
            Neighbour = row.IsDBNull(7) ? null : Whole(row, 7, number, "neighbour"),
            Worker = Text(row, 8),
            Beat = Convert.ToInt64(row[9], CultureInfo.InvariantCulture),
            Losses = Whole(row, 10, number, "losses"),
            Reason = Text(row, 11),
            Config = Config(Text(row, 12), number),
            Cost = Real(row, 13),
            Metrics = FromJson(Text(row, 14), Json.DmcpTrialMetrics, number, "metrics"),
            Progress = FromJson(Text(row, 15), Json.DmcpTrialProgress, number, "progress"),
            Started = Real(row, 16),
            Ended = Real(row, 17),
            Seconds = Real(row, 18) ?? 0,
        };
    }

    /// <exception cref="FormatException">A value cannot be.</exception>
    public (int Number, DmcpEpoch Epoch) ReadEpoch(DbDataReader row)
    {
        var number = Whole(row, 0, 0, "number");
        return (number, new DmcpEpoch(Known<TrainingPhase>(row, 1, number, "phase"), Whole(row, 2, number, "epoch"),
            Real(row, 3) ?? double.NaN, Real(row, 4) ?? double.NaN, Real(row, 5)));
    }

    /// <summary>The settings that an experiment was begun with.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public SortedDictionary<string, string> ReadSettings(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Json.SortedDictionaryStringString) ?? throw new JsonException("They are null.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{store} holds settings of an experiment that are damaged: {e.Message}", e);
        }
    }

    private ChannelConfig? Config(string? text, int number)
    {
        if (text is null)
            return null;
        try
        {
            return ChannelConfig.FromJson(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{store}: trial {number}: {e.Message}", e);
        }
    }

    private T? FromJson<T>(string? text, JsonTypeInfo<T> type, int number, string column) where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw Wrong(number, column, text);
        }
    }

    private T Known<T>(DbDataReader row, int column, int number, string name) where T : struct, Enum =>
        Text(row, column) is { } text && Enum.TryParse<T>(text, out var value) && Enum.GetName(value) == text
            ? value : throw Wrong(number, name, row[column]);

    private int Whole(DbDataReader row, int column, int number, string name) =>
        row[column] is long or int && Convert.ToInt64(row[column], CultureInfo.InvariantCulture) is var value && value == (int)value
            ? (int)value : throw Wrong(number, name, row[column]);

    private static string? Text(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToString(row[column], CultureInfo.InvariantCulture);

    private static double? Real(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null
            : row[column] is double or long ? Convert.ToDouble(row[column], CultureInfo.InvariantCulture) : double.NaN;

    private FormatException Wrong(int number, string column, object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return new FormatException($"{store}: trial {number} has '{(text.Length > 60 ? text[..60] + "..." : text)}' as its {column}, " +
            "which cannot be: the store was changed or damaged. Restore it from a copy, or begin anew with another.");
    }
}
