namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>Finds what neighbouring operators may do together.</summary>
internal static class OperatorFusion
{
    /// <summary>
    /// Tells operators that they may work in place (the only reader of a value whose gradient does not need it), and batch norms what they
    /// compute along: an activation that alone reads their result or the sum of it and another value.
    /// </summary>
    /// <param name="operators">One for every layer but the input.</param>
    /// <param name="inputs">Indices of the values that each layer reads; 0 is the input's.</param>
    public static void Connect(Operator[] operators, int[][] inputs)
    {
        var readers = new int[inputs.Length];
        foreach (var input in inputs.SelectMany(i => i))
            readers[input]++;
        for (var i = 1; i < inputs.Length; i++)
        {
            var first = inputs[i][0];
            if (first == 0 || readers[first] != 1)
                continue;
            operators[i - 1].OverwritesInput = operators[first - 1].ResultMayBeOverwritten;
            if (operators[i - 1] is not ActivationOperator { CanBePartOfNorm: true } activation)
                continue;
            var norm = operators[first - 1] as BatchNormOperator;
            if (operators[first - 1] is SumOperator sum)
                norm = NormOf(sum, inputs[first]);
            if (norm is not null)
                (activation.IsPartOfNorm, norm.Activation) = (true, activation.Layer);
        }

        BatchNormOperator? NormOf(SumOperator sum, int[] summands)
        {
            for (var k = 0; k < summands.Length; k++)
            {
                if (summands[k] == 0 || readers[summands[k]] != 1 || operators[summands[k] - 1] is not BatchNormOperator norm)
                    continue;
                (sum.Norm, sum.InputOfNorm, norm.IsPartOfSum) = (norm, k, true);
                return norm;
            }
            return null;
        }
    }
}
