namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>Bad input for the options of the release's modes, of every command, and of those that only print.</summary>
public static class BadReleaseOptions
{
    private const string Search = "{res18/dmcp}", Retrain = "{res18/retrain}";

    // Option, line, exit code, what the error says.
    public static TheoryData<string, string, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int, string>
            {
                { "train --config", "train --data d --flops 43", 2, "'--config' is required" },
                { "train --data", $"train --config {Search} --flops 900", 2, "'--data' is required" },
                { "train --flops", $"train --config {Search} --data d", 2, "'--flops' is required" },
                { "train --flops", $"train --config {Search} --data d --flops 1", 3,
                    "give --flops from 50.65 to 1814.07, or smaller images by --set model.kwargs.input_size." },
                { "train --flops", $"train --config {Search} --data d --flops 1e9", 2, "--flops is '1e9'" },
                { "train --flops", $"train --config {Search} --data d --flops 4000000", 3, "above the unpruned network" },
                { "train --chcfg", $"train --config {Retrain} --data d --flops 900", 2, "name them with --chcfg" },
                { "train --checkpoint",
                    $"train --config {Search} --data {{images}} --flops 900 --checkpoint none --set model.kwargs.num_classes=4", 2,
                    "none' is no results folder" },
                { "train --checkpoint", $"train --config {Search} --data d --flops 900 --checkpoint a.pth", 2,
                    "--checkpoint is 'a.pth', a state dict of PyTorch, of which weights are read and only by 'dmcp eval'" },
                { "sample --checkpoint", $"sample --config {Search} --flops 900 --checkpoint a.pth", 2,
                    "not α, the optimizer or the epoch" },
                { "eval --checkpoint", $"eval --config {Retrain} --data d --checkpoint a.pth", 2, "name them with --chcfg" },
                { "train --dry-run", $"train --config {Search} --data d --flops 900 --dry-run=perhaps", 2, "perhaps" },
                { "eval --checkpoint", $"eval --config {Search} --data d", 2, "give --checkpoint with a results folder of 'dmcp train'." },
                { "eval --data", $"eval --config {Search}", 2, "'--data' is required" },
                { "sample --config", $"sample --config {Retrain} --flops 900", 2, "structures are drawn from a search" },
                { "sample --checkpoint", $"sample --config {Search} --flops 900", 2, "No trained network is named" },
                { "sample --data", "sample --data", 2, "Required argument missing for option: '--data'" },
                { "calc-flops --data", "calc-flops --data", 2, "Required argument missing for option: '--data'" },
                { "calc-params --data", "calc-params --data", 2, "Required argument missing for option: '--data'" },
                { "calc-flops --checkpoint", $"calc-flops --config {Search} --checkpoint none", 2, "none' is no results folder" },
                { "calc-params --checkpoint", "calc-params --checkpoint", 2, "Required argument missing for option: '--checkpoint'" },
                { "calc-flops --chcfg", $"calc-flops --config {Retrain} --chcfg none", 2, "none" },
                { "calc-params --chcfg", $"calc-params --config {Retrain} --chcfg none.json", 2, "none.json" },
                { "eval --chcfg", "eval --chcfg", 2, "Required argument missing for option: '--chcfg'" },
                { "sample --chcfg", "sample --chcfg", 2, "Required argument missing for option: '--chcfg'" },
                { "summary --network", "summary", 2, "'--network' is required" },
                { "summary --network", "summary --network resnet19", 2, "No network is called 'resnet19'. Known are resnet18" },
                { "summary --network", "summary --network resnet18@99", 2, "at most 64" },
                { "summary --size", "summary --network resnet18 --size 7", 2, "--size is '7'; needed is a whole number from 8 to 4096." },
                { "summary --size", "summary --network resnet18 --size 9e9", 2, "--size is '9e9'" },
                { "summary --classes", "summary --network resnet18 --classes 1", 2, "--classes is '1'" },
                { "summary --chcfg", "summary --network resnet18 --chcfg none", 2, "none" },
                { "init --force", "init --force=x", 2, "x" },
                { "completion shell", "completion tcsh", 2, "tcsh" },
                { "completion shell", "completion", 2, "Required argument missing" },
                { "--mode", "--mode trian --config x", 2,
                    "--mode is 'trian'; needed is one of train, eval, sample, calc_flops, calc_params. Did you mean 'train'?" },
                { "--mode", "--mode", 2, "--mode is ''" },
                { "--settings", "summary --settings none.yaml", 2, "There is no file" },
                { "--json", "summary --json=x", 2, "x" },
                { "--verbose", "summary --verbose=x", 2, "x" },
                { "", "", 2, "No command is named." },
                { "", "sumary", 2, "'sumary' is no command of dmcp. Did you mean 'summary'?" },
                { "", "summary --ntwork resnet18", 2, "'--ntwork' is no option of dmcp summary. Did you mean '--network'?" },
            };
            // Options of the release are the same in all of its modes.
            foreach (var mode in (string[])["train", "eval", "sample", "calc-flops", "calc-params"])
            {
                var others = mode switch { "train" => " --data d --flops 900", "eval" => " --data d", "sample" => " --flops 900", _ => "" };
                cases.Add($"{mode} --config", $"{mode} --config none.yaml{others}", 2, "There is no file");
                cases.Add($"{mode} --flops", $"{mode} --config {Search}{others.Replace(" --flops 900", "")} --flops many", 2,
                    "--flops is 'many'; needed is a number of MFLOPs above 0, such as 43.");
                cases.Add($"{mode} --set", $"{mode} --config {Search}{others} --set training.epochs=2", 2, "Did you mean 'epoch'?");
                cases.Add($"{mode} --set", $"{mode} --config {Search}{others} --set epoch", 2, "--set is 'epoch'; needed is KEY=VALUE");
                cases.Add($"{mode} --set", $"{mode} --config {Search}{others} --set training=2", 2, "training has several values");
            }
            return cases;
        }
    }
}
