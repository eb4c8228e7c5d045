namespace Microsoft.ML.Data;

/// <summary>What the metrics of a multiclass model are computed from.</summary>
internal sealed class MulticlassCounts(int classes)
{
    private readonly double[] _perClass = new double[classes];
    private readonly double[] _perClassLogLoss = new double[classes];
    private readonly double[] _ranks = new double[classes + 1];
    private double _instances;
    private double _correct;
    private double _logLoss;

    /// <summary>How often each class (row) was taken for each (column).</summary>
    public double[][] Confusion { get; } = Enumerable.Range(0, classes).Select(_ => new double[classes]).ToArray();

    public double MicroAccuracy => _instances > 0 ? _correct / _instances : 0;

    public double MacroAccuracy
    {
        get
        {
            var present = Enumerable.Range(0, classes).Where(i => _perClass[i] > 0).ToArray();
            return present.Length > 0 ? present.Sum(i => Confusion[i][i] / _perClass[i]) / present.Length : 0;
        }
    }

    public double LogLoss => _instances > 0 ? _logLoss / _instances : 0;

    /// <summary>How much less the log-loss is than that of predicting the class frequencies.</summary>
    public double LogLossReduction
    {
        get
        {
            var entropy = _perClass.Where(n => n != 0).Sum(n => n * Math.Log(n / _instances)) / -_instances;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => _perClassLogLoss.Select((loss, i) => _perClass[i] > 0 ? loss / _perClass[i] : 0).ToArray();

    public double[] TopKAccuracies(int k)
    {
        var sum = 0.0;
        return _ranks.Take(k).Select(n => sum += n / _instances).ToArray();
    }

    public void Add(int label, int assigned, int rank, double logLoss)
    {
        _instances++;
        _logLoss += logLoss;
        _ranks[rank]++;
        if (label < classes)
        {
            _perClass[label]++;
            _perClassLogLoss[label] += logLoss;
            Confusion[label][rank == 0 ? label : assigned]++;
        }

        if (rank == 0)
        {
            _correct++;
        }
    }
}
