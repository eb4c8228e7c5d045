using System.Collections.Concurrent;
using System.Text.Json;
using Dmcp.AutoML.Images;
using Microsoft.ML.Dmcp;

namespace Dmcp.AutoML.Experiments;

/// <summary>All experiments and uploads of a workspace; those of before are there again when the server is started anew.</summary>
internal sealed class ExperimentShelf
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly ServerOptions _options;
    private readonly ConcurrentDictionary<string, Experiment> _experiments = [];
    private readonly Lock _starting = new();

    public ExperimentShelf(ServerOptions options)
    {
        _options = options;
        Directory.CreateDirectory(Uploads);
        Directory.CreateDirectory(Experiments);
        foreach (var folder in Directory.GetDirectories(Experiments))
            TryLoad(Path.GetFileName(folder));
    }

    private string Uploads => Path.Combine(_options.Workspace, "uploads");

    private string Experiments => Path.Combine(_options.Workspace, "experiments");

    public IEnumerable<Experiment> All => _experiments.Values.OrderByDescending(e => e.Id, StringComparer.Ordinal);

    public Experiment? Find(string id) => _experiments.GetValueOrDefault(id);

    /// <summary>Keeps an uploaded zip as a folder of images.</summary>
    /// <exception cref="UploadException">It cannot be used; the message says why.</exception>
    public async Task<UploadState> Upload(Stream body, CancellationToken cancellation)
    {
        var id = NewId();
        var (zip, folder) = (Path.Combine(Uploads, $"{id}.zip"), Path.Combine(Uploads, id));
        try
        {
            await using (var file = new FileStream(zip, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                await Copy(body, file, cancellation);
                file.Position = 0;
                var (classes, leftOut) = new ImageArchive(4 * _options.LargestUpload).Unpack(file, folder);
                return new UploadState(id, classes, leftOut);
            }
        }
        catch
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            throw;
        }
        finally
        {
            File.Delete(zip);
        }
    }

    /// <summary>Begins an experiment.</summary>
    /// <exception cref="ArgumentException">The request cannot be; the message says why.</exception>
    /// <exception cref="UploadException">Another one runs.</exception>
    public Experiment Begin(ExperimentRequest request)
    {
        var images = ImagesOf(request);
        // Says at once what is wrong with the folder.
        ImageFolder.List(images);
        var id = NewId();
        var experiment = new Experiment(id, request, images, CheckpointsOf(id), _options.Threads);
        Start(experiment, () =>
        {
            Directory.CreateDirectory(Path.Combine(Experiments, id));
            File.WriteAllText(RequestOf(id), JsonSerializer.Serialize(request, Json));
            _experiments[id] = experiment;
        });
        return experiment;
    }

    /// <summary>Goes on with an experiment.</summary>
    public void Resume(Experiment experiment) => Start(experiment, () => { });

    private void Start(Experiment experiment, Action prepare)
    {
        lock (_starting)
        {
            if (_experiments.Values.FirstOrDefault(e => e.IsRunning) is { } other)
                throw new UploadException($"Experiment '{other.Request.Name}' runs: wait for it, or cancel it first.");
            prepare();
            experiment.Start();
        }
    }

    private string ImagesOf(ExperimentRequest request)
    {
        if (request.Upload is null)
            return string.IsNullOrWhiteSpace(request.Folder)
                ? throw new ArgumentException("Choose a zip of images or name a folder.") : Path.GetFullPath(request.Folder);
        // An id of ours, never a path.
        var isId = request.Upload.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && request.Upload.Length > 0;
        var folder = isId ? Path.Combine(Uploads, request.Upload) : "";
        return Directory.Exists(folder) ? folder : throw new ArgumentException("The upload is not there any more: send it again.");
    }

    private void TryLoad(string id)
    {
        try
        {
            var request = JsonSerializer.Deserialize<ExperimentRequest>(File.ReadAllText(RequestOf(id)), Json)!;
            _experiments[id] = new Experiment(id, request, ImagesOf(request), CheckpointsOf(id), _options.Threads);
        }
        catch (Exception e) when (e is IOException or JsonException or ArgumentException)
        {
            Console.Error.WriteLine($"Experiment '{id}' cannot be shown: {e.Message}");
        }
    }

    private async Task Copy(Stream body, Stream file, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        long total = 0;
        for (var count = await body.ReadAsync(buffer, cancellation); count > 0; count = await body.ReadAsync(buffer, cancellation))
        {
            total += count;
            if (total > _options.LargestUpload)
                throw new UploadException($"The upload is larger than {_options.LargestUpload / 1_000_000} MB: start the server with a " +
                    "larger --largest-upload, or name a folder on its machine.");
            await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
    }

    private string RequestOf(string id) => Path.Combine(Experiments, id, "request.json");

    private string CheckpointsOf(string id) => Path.Combine(Experiments, id, "run");

    // Sorts by time.
    private static string NewId() => $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid():N}";
}
