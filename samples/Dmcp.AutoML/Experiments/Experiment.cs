using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;
using Microsoft.ML.Runtime;

namespace Dmcp.AutoML.Experiments;

/// <summary>An experiment of the page: it runs, or it is there to be looked at and resumed.</summary>
internal sealed class Experiment
{
    private const int MostLines = 2000;

    private readonly string _images;
    private readonly string _checkpoints;
    private readonly int? _threads;
    private readonly DmcpExperiment _reader;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly Stopwatch _watch = new();
    private readonly Dictionary<int, ImageClassifier> _classifiers = [];
    private CancellationTokenSource? _cancellation;
    private string _status = "idle";
    private string? _message;
    private int _firstLine;

    /// <param name="id">Name of its folder.</param>
    /// <param name="request">What was chosen.</param>
    /// <param name="images">Folder of images.</param>
    /// <param name="checkpoints">Folder of checkpoints and models.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <exception cref="ArgumentException">The request cannot be.</exception>
    public Experiment(string id, ExperimentRequest request, string images, string checkpoints, int? threads)
    {
        (Id, Request, _images, _checkpoints, _threads) = (id, request, images, checkpoints, threads);
        _reader = Made(CancellationToken.None, new MLContext());
    }

    public string Id { get; }

    public ExperimentRequest Request { get; }

    public bool IsRunning => _cancellation is not null;

    /// <summary>Runs it, or goes on with it, on a thread of its own.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _cancellation = new CancellationTokenSource();
            (_status, _message) = ("running", null);
            _watch.Restart();
        }
        var token = _cancellation.Token;
        new Thread(() => Run(token)) { IsBackground = true, Name = $"experiment {Id}" }.Start();
    }

    /// <summary>Ends the run at its next batch; what it has done stays.</summary>
    public void Cancel()
    {
        lock (_lock)
            if (_cancellation is not null)
            {
                _status = "stopping";
                _cancellation.Cancel();
            }
    }

    /// <summary>How it stands.</summary>
    public ExperimentState State()
    {
        var result = Result();
        lock (_lock)
        {
            double? left = IsRunning ? Math.Max(0, Math.Round(60 * Request.Minutes - _watch.Elapsed.TotalSeconds)) : null;
            var trials = result.SharedWeights.Concat(result.RunDetails).OrderBy(t => t.Number).Select(t => TrialState.Of(t, result));
            return new ExperimentState(Id, Request.Name, _status, _message, left, Request, trials.ToArray());
        }
    }

    /// <summary>The lines of the log from a number on, and the number of the next one.</summary>
    public (IReadOnlyList<string> Lines, int Next) LinesFrom(int number)
    {
        lock (_lock)
            return (_lines.Skip(Math.Max(0, number - _firstLine)).ToArray(), _firstLine + _lines.Count);
    }

    /// <summary>A trial that has a model; null where there is none.</summary>
    public DmcpTrial? FindDone(int number) =>
        Result().RunDetails.FirstOrDefault(t => t.Number == number && t.State == DmcpTrialState.Completed);

    /// <summary>What has come out so far.</summary>
    public DmcpExperimentResult Result() => _reader.ReadResult();

    /// <summary>The likeliest classes of a picture by a trial's model.</summary>
    public IReadOnlyList<ClassProbability> Classify(DmcpTrial trial, MLImage picture)
    {
        ImageClassifier classifier;
        lock (_classifiers)
            classifier = _classifiers.TryGetValue(trial.Number, out var kept) ? kept
                : _classifiers[trial.Number] = new MLContext().Model.CreateImageClassifier(trial.Model);
        return classifier.Classify(picture, 5);
    }

    private DmcpExperiment Made(CancellationToken cancellation, MLContext ml) =>
        ml.MulticlassClassification.CreateDmcpExperiment(Request.ToSettings(_checkpoints, _threads, cancellation));

    private void Run(CancellationToken cancellation)
    {
        var (status, message) = ("done", (string?)null);
        try
        {
            var ml = new MLContext(seed: 1);
            ml.Log += (_, e) =>
            {
                if (e.Kind != ChannelMessageKind.Trace)
                    Write(e.RawMessage);
            };
            var rows = ml.Data.LoadFromEnumerable(ImageFolder.List(_images));
            var prepare = ml.Transforms.LoadImages("Features", null, nameof(ImageFile.ImagePath))
                .Append(ml.Transforms.ResizeImages("Features", Request.ImageSize, Request.ImageSize));
            Made(cancellation, ml).Execute(rows, preFeaturizer: prepare);
            if (cancellation.IsCancellationRequested)
                status = "cancelled";
            else if (_watch.Elapsed.TotalMinutes >= Request.Minutes)
                (status, message) = ("out of time", "The time is over. Resume takes up where it stopped.");
        }
        catch (OperationCanceledException)
        {
            status = "cancelled";
        }
        catch (TimeoutException e)
        {
            (status, message) = ("out of time", e.Message);
        }
        // What failed is for the one who looks at the page; the server goes on.
        catch (Exception e)
        {
            (status, message) = ("failed", e.Message);
        }
        Write($"The experiment is {status}. {message}");
        lock (_lock)
        {
            (_status, _message) = (status, message);
            _cancellation!.Dispose();
            _cancellation = null;
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            _lines.Add($"{DateTime.Now:HH:mm:ss} {line}");
            if (_lines.Count <= MostLines)
                return;
            _lines.RemoveAt(0);
            _firstLine++;
        }
    }
}
