using System.CommandLine;
using Dmcp.Quickstart;
using Dmcp.Samples.Shared;

var command = new DemoOptions().Command((settings, cancellation) => GuardedRun.Of(
    new Quickstart(settings, cancellation).Run,
    "Stopped. Run the same command again to go on from here, with --fresh to begin anew."));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
