using System.Globalization;
using System.Text;

namespace Dmcp.Samples.Shared;

/// <summary>The text of a report, in the invariant culture.</summary>
public sealed class ReportText
{
    private readonly StringBuilder _text = new();

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _text.Clear();

    /// <summary>Writes one line; long ones in parts.</summary>
    public void Line(params FormattableString[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var part in parts)
            _text.Append(part.ToString(CultureInfo.InvariantCulture));
        _text.Append('\n');
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
