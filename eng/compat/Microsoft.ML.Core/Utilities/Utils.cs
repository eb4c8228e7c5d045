using System.Reflection;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>Odds and ends; in the real assembly a far larger class.</summary>
internal static partial class Utils
{
    public static int Size<T>(T[] x) => x?.Length ?? 0;

    /// <summary>The flags of <paramref name="length"/> columns, true for those needed.</summary>
    public static bool[] BuildArray(int length, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var flags = new bool[length];
        foreach (var column in columnsNeeded)
        {
            if (column.Index < length)
            {
                flags[column.Index] = true;
            }
        }

        return flags;
    }

    public static T[] BuildArray<T>(int length, Func<int, T> func)
    {
        var items = new T[length];
        for (var i = 0; i < length; i++)
        {
            items[i] = func(i);
        }

        return items;
    }

    /// <summary>A random order of the numbers below <paramref name="size"/>.</summary>
    public static int[] GetRandomPermutation(Random rand, int size)
    {
        var order = BuildArray(size, i => i);
        for (var i = 0; i < size; i++)
        {
            var j = rand.Next(size - i) + i;
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>Calls the generic method that <paramref name="func"/> is one instance of, for another type argument;
    /// exceptions come out as they are.</summary>
    public static TResult MarshalInvoke<TResult>(Delegate func, Type genArg, params object[] arguments)
        => MarshalInvoke<TResult>(func, [genArg], arguments);

    /// <summary>The same for a method of several type arguments.</summary>
    public static TResult MarshalInvoke<TResult>(Delegate func, Type[] genArgs, params object[] arguments)
        => (TResult)func.Method.GetGenericMethodDefinition().MakeGenericMethod(genArgs)
            .Invoke(func.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
