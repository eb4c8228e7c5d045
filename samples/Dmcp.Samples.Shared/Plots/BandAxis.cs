namespace Dmcp.Samples.Shared;

/// <summary>A horizontal axis of names, with a band for each; names that are longer than a band is wide are turned.</summary>
/// <param name="names">The names, from the left.</param>
/// <param name="band">Width of a band.</param>
internal sealed class BandAxis(IReadOnlyList<string> names, double band)
{
    private const double Turn = 60, Cosine = 0.5, Sine = 0.87;
    private readonly double _longest = names.Max(n => SvgDrawing.TextWidth(n));

    /// <summary>Width of a band.</summary>
    public double Band => band;

    /// <summary>Width of all bands.</summary>
    public double Length => names.Count * band;

    /// <summary>Height of the names.</summary>
    public double Height => IsTurned ? 12 + Sine * _longest : 20;

    /// <summary>How far a turned name can reach out to the left of the bands.</summary>
    public double Overhang => IsTurned ? Math.Max(0, names.Select((n, i) => Cosine * SvgDrawing.TextWidth(n) - (i + 0.5) * band).Max()) : 0;

    private bool IsTurned => _longest > band - 6;

    /// <summary>Writes the names below a line.</summary>
    public void Draw(SvgDrawing drawing, double left, double y)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var x = left + (i + 0.5) * band;
            if (IsTurned)
                drawing.Text(x + 4, y + 12, names[i], "end", turn: -Turn);
            else
                drawing.Text(x, y + 15, names[i], "middle");
        }
    }
}
