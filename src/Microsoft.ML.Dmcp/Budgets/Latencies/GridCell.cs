using System.Numerics;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>Linear interpolation between ascending points, constant outside of them.</summary>
internal static class GridCell
{
    /// <summary>The cell that a number lies in, by the point before it, and the share of the cell that lies below the number.</summary>
    /// <param name="points">Ascending; none for a single cell.</param>
    /// <param name="x">The number.</param>
    public static (int Cell, double Share) Of<T>(IReadOnlyList<T> points, double x) where T : INumber<T>
    {
        var cell = 0;
        while (cell + 1 < points.Count && At(cell + 1) <= x)
            cell++;
        return cell + 1 >= points.Count || x <= At(cell) ? (cell, 0) : (cell, (x - At(cell)) / (At(cell + 1) - At(cell)));

        double At(int point) => double.CreateChecked(points[point]);
    }

    /// <summary>Whether points ascend.</summary>
    public static bool IsAscending<T>(IReadOnlyList<T> points) where T : INumber<T> =>
        points.Skip(1).Zip(points).All(pair => pair.First > pair.Second);
}
