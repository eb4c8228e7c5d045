using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dmcp.AutoML.Experiments;
using Dmcp.AutoML.Images;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

namespace Dmcp.AutoML;

/// <summary>What the page asks for.</summary>
internal static class Api
{
    private const int LargestPicture = 20_000_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void Map(WebApplication app, ExperimentShelf shelf)
    {
        app.MapGet("/", () => Page("index.html", "text/html; charset=utf-8"));
        app.MapGet("/app.js", () => Page("app.js", "text/javascript; charset=utf-8"));
        app.MapGet("/charts.js", () => Page("charts.js", "text/javascript; charset=utf-8"));
        app.MapGet("/style.css", () => Page("style.css", "text/css; charset=utf-8"));
        app.MapPost("/api/uploads", async (HttpContext context) =>
        {
            // The shelf counts what comes.
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            return Results.Json(await shelf.Upload(context.Request.Body, context.RequestAborted), Json);
        });
        app.MapGet("/api/experiments", () => shelf.All.Select(e => new { e.Id, e.Request.Name, e.IsRunning }));
        app.MapPost("/api/experiments", (ExperimentRequest request) => new { shelf.Begin(request).Id });
        var one = app.MapGroup("/api/experiments/{id}");
        one.MapGet("/", (string id) => Of(shelf, id).State());
        one.MapGet("/events", (string id, CancellationToken end) => TypedResults.ServerSentEvents(Events(Of(shelf, id), end)));
        one.MapPost("/cancel", (string id) => Of(shelf, id).Cancel());
        one.MapPost("/resume", (string id) => shelf.Resume(Of(shelf, id)));
        one.MapGet("/report.html", (string id) => Results.Text(ReportPage.Of(Of(shelf, id).State()), "text/html; charset=utf-8"));
        var trial = one.MapGroup("/trials/{number:int}");
        trial.MapGet("/model.zip", (string id, int number) =>
            Results.File(Done(shelf, id, number).ModelPath!, "application/zip", $"model-{number}.zip"));
        trial.MapGet("/config.json", (string id, int number) =>
            Results.File(Bytes(Done(shelf, id, number).ChannelConfig!.ToJson()), "application/json", $"config-{number}.json"));
        trial.MapGet("/model.onnx", (string id, int number) => Onnx(Done(shelf, id, number)));
        trial.MapPost("/predict", async (string id, int number, HttpContext context) =>
            Results.Json(await Predict(Of(shelf, id), Done(shelf, id, number), context.Request.Body), Json));
    }

    /// <summary>What to answer to an exception: what the sender can mend is said to them.</summary>
    public static async Task Guard(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && e is UploadException or ArgumentException or InvalidOperationException
            or IOException or InvalidDataException or FormatException or KeyNotFoundException)
        {
            context.Response.StatusCode = e is KeyNotFoundException ? StatusCodes.Status404NotFound
                : e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(e.Message);
        }
    }

    private static IResult Page(string name, string type) =>
        Results.Stream(typeof(Api).Assembly.GetManifestResourceStream(name)!, type);

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static Experiment Of(ExperimentShelf shelf, string id) =>
        shelf.Find(id) ?? throw new KeyNotFoundException("There is no such experiment.");

    private static DmcpTrial Done(ExperimentShelf shelf, string id, int number) =>
        Of(shelf, id).FindDone(number) ?? throw new KeyNotFoundException("There is no such trial, or it has no model.");

    /// <summary>The state whenever it has changed, and every new line of the log.</summary>
    private static async IAsyncEnumerable<SseItem<string>> Events(Experiment experiment, [EnumeratorCancellation] CancellationToken end)
    {
        var (last, next) = ("", 0);
        using var timer = new PeriodicTimer(BetweenLooks);
        do
        {
            var state = JsonSerializer.Serialize(experiment.State(), Json);
            if (state != last)
                yield return new SseItem<string>(last = state, "state");
            var (lines, after) = experiment.LinesFrom(next);
            next = after;
            if (lines.Count > 0)
                yield return new SseItem<string>(JsonSerializer.Serialize(lines, Json), "log");
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    private static IResult Onnx(DmcpTrial trial)
    {
        var file = Path.ChangeExtension(trial.ModelPath!, ".onnx");
        if (!File.Exists(file))
        {
            var model = trial.Model;
            new MLContext().Model.SaveAsOnnx(model, file);
            (model as IDisposable)?.Dispose();
        }
        return Results.File(file, "application/octet-stream", $"model-{trial.Number}.onnx");
    }

    private static async Task<object> Predict(Experiment experiment, DmcpTrial trial, Stream body)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var count = await body.ReadAsync(buffer); count > 0; count = await body.ReadAsync(buffer))
        {
            if (bytes.Length + count > LargestPicture)
                throw new UploadException($"The picture is larger than {LargestPicture / 1_000_000} MB.");
            bytes.Write(buffer, 0, count);
        }
        if (!ImageProbe.IsImage(bytes.ToArray()))
            throw new UploadException($"The file is no image, or has more than {ImageProbe.MostPixels / 1_000_000} million pixels.");
        bytes.Position = 0;
        using var picture = MLImage.CreateFromStream(bytes);
        return experiment.Classify(trial, picture).Select(c => new { c.Class, c.Probability });
    }
}
