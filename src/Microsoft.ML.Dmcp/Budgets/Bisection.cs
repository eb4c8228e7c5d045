namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>Finds where something begins to hold, or ends to, by halving.</summary>
internal static class Bisection
{
    /// <summary>The largest x at which something holds that holds up to some x; <paramref name="low"/> when it never does.</summary>
    /// <param name="low">The smallest x.</param>
    /// <param name="high">The largest x.</param>
    /// <param name="steps">How often the interval is halved.</param>
    /// <param name="holds">Whether it holds at an x.</param>
    public static double Largest(double low, double high, int steps, Func<double, bool> holds)
    {
        for (var i = 0; i < steps && low < high; i++)
        {
            var middle = (low + high) / 2;
            if (holds(middle))
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>
    /// The first of the numbers 0 … <paramref name="count"/> − 1 from which on something holds; the last when it holds at none.
    /// </summary>
    public static int First(int count, Func<int, bool> holds)
    {
        var (low, high) = (0, count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(middle))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
