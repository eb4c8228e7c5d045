using System.CommandLine;
using System.Net;
using Dmcp.AutoML;
using Dmcp.AutoML.Access;
using Dmcp.AutoML.Experiments;

var host = new Option<string>("--host")
{
    Description = "Address to listen on. Others than this machine are let in with a token only, which is printed.",
    HelpName = "ADDRESS",
    DefaultValueFactory = _ => "127.0.0.1",
};
var port = new Option<int>("--port") { Description = "Port; 0 for any that is free.", HelpName = "N", DefaultValueFactory = _ => 5085 };
var token = new Option<string?>("--token")
{
    Description = "The token that is asked for; without it, one is drawn where it is needed.",
    HelpName = "TEXT",
};
var workspace = new Option<DirectoryInfo>("--workspace")
{
    Description = "Folder of uploads, checkpoints and models; experiments in it are there again.",
    HelpName = "DIR",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "automl")),
};
var largest = new Option<int>("--largest-upload")
{
    Description = "Largest upload in MB.",
    HelpName = "MB",
    DefaultValueFactory = _ => 2000,
};
var threads = new Option<int?>("--threads") { Description = "Threads of libtorch; all processors when not given.", HelpName = "N" };
var command = new RootCommand("A page to find small image classifiers: choose images, budgets and time, watch trials, take a model.")
{
    host, port, token, workspace, largest, threads,
};
command.SetAction(async (parsed, cancellation) =>
{
    if (!IPAddress.TryParse(parsed.GetValue(host) == "localhost" ? "127.0.0.1" : parsed.GetValue(host), out var address))
    {
        Console.Error.WriteLine($"error: --host is '{parsed.GetValue(host)}'; needed is an address such as 127.0.0.1, or 0.0.0.0 for all.");
        return 1;
    }
    var options = new ServerOptions
    {
        Address = address,
        Port = parsed.GetValue(port),
        Workspace = parsed.GetValue(workspace)!.FullName,
        LargestUpload = parsed.GetValue(largest) * 1_000_000L,
        Threads = parsed.GetValue(threads),
        Token = ServerOptions.TokenFor(address, parsed.GetValue(token)),
    };
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.Address, options.Port));
    await using var app = builder.Build();
    var gate = new AccessGate(options.Token);
    app.Use(gate.Invoke);
    app.Use(Api.Guard);
    var shelf = new ExperimentShelf(options);
    Api.Map(app, shelf);
    await app.StartAsync(cancellation);
    var url = app.Urls.First().Replace("0.0.0.0", Dns.GetHostName(), StringComparison.Ordinal);
    Console.WriteLine($"Open {url}/{(options.Token is null ? "" : $"?token={options.Token}")}");
    await app.WaitForShutdownAsync(cancellation);
    foreach (var experiment in shelf.All)
        experiment.Cancel();
    return 0;
});
return await command.Parse(args).InvokeAsync();
