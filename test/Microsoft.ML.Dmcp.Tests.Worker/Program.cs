using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Dmcp;
using Microsoft.ML.Dmcp.Tests.Worker;

// Works on an experiment on tiny drawn images until it is done, and prints a line for every trial that it takes and ends.
// Arguments: the folder, the connection string of PostgreSQL or "-" for SQLite in the folder, and the number of trials.
var ml = new MLContext(seed: 1);
var settings = TinyExperiment.Settings(args[0], args[1] == "-" ? null : DmcpStore.Postgres(args[1]));
// After every batch: a kill loses little.
settings.ConfigureTraining += options => options.CheckpointInterval = TimeSpan.Zero;
settings.MaxTrials = int.Parse(args[2], CultureInfo.InvariantCulture);
var images = ml.Data.LoadFromEnumerable(TinyExperiment.Images());
var result = ml.MulticlassClassification.CreateDmcpExperiment(settings).Execute(images, progressHandler: new LinePerTrial());
foreach (var trial in result.RunDetails)
    Console.WriteLine(trial);
