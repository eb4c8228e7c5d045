namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>Bad input for the options of the commands that prune, predict and convert.</summary>
public static class BadPruningOptions
{
    private const string Network = "--network cifar-resnet20 --size 12";

    // Option, line, exit code, what the error says.
    public static TheoryData<string, string, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int, string>
            {
                { "prune --flops", $"prune --data {{images}} {Network}", 2, "There is no budget: give --flops, --params or --latency" },
                { "prune --flops", "prune --data d --flops 25", 2, "needed is a share such as 0.25 or 25%, or millions such as 43M" },
                { "prune --flops", "prune --data d --flops -1", 2, "--flops is '-1'" },
                { "prune --flops", "prune --data d --flops 0M", 2, "--flops is '0M'" },
                { "prune --flops", "prune --data d --flops 120%", 2, "--flops is '120%'" },
                { "prune --flops", $"prune --data {{images}} {Network} --flops 0.001", 3,
                    "M to 5.73M, or a smaller network by --network, smaller images by --size, or a smaller --width-multiple." },
                { "prune --params", "prune --data d --params half", 2, "--params is 'half'" },
                { "prune --params", $"prune --data {{images}} {Network} --params 99M", 3,
                    "give --params from 0.01M to 0.27M, or a larger network by --network, or larger images by --size." },
                { "prune --latency", "prune --data d --latency fast", 2, "--latency is 'fast'; needed is a number above 0." },
                { "prune --latency-table", $"prune --data {{images}} {Network} --latency 1 --latency-table none.json", 2, "none.json" },
                { "prune --latency-table", $"prune --data {{images}} {Network} --latency-table none.json", 2,
                    "--latency-table without --latency limits nothing" },
                { "retrain --chcfg", "retrain --data d", 2, "'--chcfg' is required" },
                { "retrain --chcfg", "retrain --data d --chcfg none.json", 2, "There is no channel config" },
                { "retrain --chcfg", "retrain --data {images} --chcfg {bad}", 2, "The text is not a channel config" },
                { "retrain --size", "retrain --data {images} --chcfg {config} --size 16", 2, "the channel config is for images of 12" },
                { "retrain --network", "retrain --data {images} --chcfg {config} --network resnet18", 2, "does not fit network" },
                { "sweep --flops", "sweep --data d", 2, "'--flops' is required" },
                { "sweep --flops", "sweep --data d --flops ,", 2, "--flops names no budget" },
                { "sweep --flops", "sweep --data d --flops 0.5,x", 2, "--flops is 'x'" },
                { "sweep --flops", $"sweep --data {{images}} {Network} --flops 0.5,0.001", 3, "below the narrowest" },
                { "predict model", "predict", 2, "Required argument missing" },
                { "predict model", "predict none.zip {images}", 2, "There is no model" },
                { "predict model", "predict {bad} {images}", 2, "is no model of ML.NET" },
                { "predict paths", "predict none.zip", 2, "Required argument missing" },
                { "predict paths", "predict {bad} none", 2, "There is no file or folder 'none'." },
                { "predict paths", "predict {bad} {empty}", 2, "holds no images (.jpg" },
                { "predict --top", "predict {bad} {images} --top 0", 2, "--top is '0'; needed is a whole number of 1 or more." },
                { "predict --csv", "predict {bad} {images} --csv=x", 2, "x" },
                { "export model", "export none.zip a.onnx", 2, "There is no model" },
                { "export model", "export {bad} a.onnx", 2, "is no model of ML.NET" },
                { "export file", "export {bad}", 2, "Required argument missing" },
                { "export file", "export {bad} a.txt", 2, "ends in '.txt'; needed is a file .onnx, .pth, .pt, .safetensors." },
                { "export --opset", "export {bad} a.onnx --opset 11", 2, "--opset is '11'; needed is a whole number from 12 to 21." },
                { "export --opset", "export {bad} a.pth --opset 17", 2, "--opset is of ONNX files" },
                { "export --logits", "export {bad} a.pth --logits", 2, "--logits is of ONNX files" },
                { "export --normalized", "export {bad} a.pth --normalized", 2, "--normalized is of ONNX files" },
                { "export --embedding", "export {bad} a.pth --embedding e", 2, "--embedding is of ONNX files" },
                { "export --int8", "export {bad} a.pth --int8 d", 2, "--int8 is of ONNX files" },
                { "profile --network", "profile", 2, "'--network' is required" },
                { "profile --network", "profile --network resnet19", 2, "No network is called 'resnet19'" },
                { "profile --size", "profile --network resnet18 --size 4", 2, "--size is '4'" },
                { "profile --classes", "profile --network resnet18 --classes 1", 2, "--classes is '1'" },
                { "profile --engine", "profile --network resnet18 --engine tensorrt", 2, "tensorrt" },
                { "profile --threads", "profile --network resnet18 --threads 0", 2, "--threads is '0'" },
                { "profile --batch", "profile --network resnet18 --batch x", 2, "--batch is 'x'" },
                { "profile --seconds", "profile --network resnet18 --seconds 0", 2, "--seconds is '0'" },
                { "profile --check", "profile --network resnet18 --check -1", 2, "--check is '-1'" },
                { "profile --width-multiple", "profile --network resnet18 --check 2 --width-multiple 0", 2, "--width-multiple is '0'" },
                { "profile --width-multiple", "profile --network resnet18 --width-multiple 8", 2, "without --check changes nothing" },
                { "profile --output", "profile --output", 2, "Required argument missing for option: '--output'" },
                { "compare config", "compare", 2, "Required argument missing" },
                { "compare config", "compare {bad} {config}", 2, "The text is not a channel config" },
                { "compare other", "compare {config} none.json", 2, "There is no channel config" },
                { "convert input", "convert none.json out.json", 2, "There is no channel config" },
                { "convert output", "convert {config}", 2, "Required argument missing" },
                { "convert --from", "convert {config} out.json --from torch", 2, "torch" },
                { "convert --to", "convert {config} out.json --to torch", 2, "torch" },
                { "convert --to", "convert {config} {empty} --to widths", 1, "is a folder" },
                { "convert --network", "convert {config} out.json --from widths", 2, "does not name its network: give --network" },
                { "convert --network", "convert {config} out.json --from widths --network resnet19", 2, "No network is called 'resnet19'" },
                { "convert --size", "convert {config} out.json --size 4", 2, "--size is '4'" },
                { "convert --classes", "convert {config} out.json --classes 1", 2, "--classes is '1'" },
            };
            foreach (var (command, others) in (ReadOnlySpan<(string, string)>)
                [("prune", "--flops 0.5"), ("sweep", "--flops 0.5"), ("retrain", "--chcfg {config}")])
            {
                var line = $"{command} {others} --data";
                cases.Add($"{command} --data", $"{command} {others}", 2, "'--data' is required");
                cases.Add($"{command} --data", $"{line} none", 2, "There is no folder");
                cases.Add($"{command} --data", $"{line} {{empty}}", 2, "no class folders");
                cases.Add($"{command} --network", $"{line} d --network resnet19", 2, "No network is called 'resnet19'");
                cases.Add($"{command} --weights", $"{line} {{images}} --weights none.onnx", 2, "none.onnx");
                cases.Add($"{command} --weights", $"{line} {{images}} --weights net.bin", 2, "needed is an .onnx, .pth, .pt or");
                cases.Add($"{command} --weights", $"{line} {{images}} --weights a.onnx --network resnet18", 2, "describes its own network");
                cases.Add($"{command} --size", $"{line} d --size 7", 2, "--size is '7'; needed is a whole number from 8 to 1024.");
                cases.Add($"{command} --epochs", $"{line} d --epochs 0", 2, "--epochs is '0'");
                cases.Add($"{command} --whole-epochs", $"{line} d --whole-epochs -2", 2, "--whole-epochs is '-2'");
                cases.Add($"{command} --batch", $"{line} d --batch 0", 2, "--batch is '0'");
                cases.Add($"{command} --seed", $"{line} d --seed x", 2, "--seed is 'x'");
                cases.Add($"{command} --threads", $"{line} d --threads 0", 2, "--threads is '0'");
                cases.Add($"{command} --no-flip", $"{line} d --no-flip=x", 2, "x");
                cases.Add($"{command} --dry-run", $"{line} d --dry-run=x", 2, "x");
                cases.Add($"{command} --output", $"{line} {{images}} {Network} --output {{bad}}", 2, "is a file; needed is a folder");
                if (command == "retrain")
                    continue;
                cases.Add($"{command} --weights", $"{line} {{images}} --weights a.pth", 2, "name it with --network");
                cases.Add($"{command} --method", $"{line} d --method magic", 2, "magic");
                cases.Add($"{command} --search-epochs", $"{line} d --search-epochs 0", 2, "--search-epochs is '0'");
                cases.Add($"{command} --width-multiple", $"{line} d --width-multiple 0", 2, "--width-multiple is '0'");
            }
            return cases;
        }
    }
}
