namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>Files that would do something else than in the release are refused with key, line and column.</summary>
public sealed class ReleaseRefusalTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const string Range = "[&narrowest 0.1, &widest 1.0, &step 0.1]";

    // What stands in the file, what takes its place, and what the error says behind the file's name.
    public static TheoryData<string, string, string> Searches => new()
    {
        { "type: DMCPResNet18", "type: DMCPResNet19", ":5:5: model.type is 'DMCPResNet19'; the release has DMCPMobileNetV2" },
        { "type: DMCPRunner", "type: USRunner", ":6:14: model.runner.type is 'USRunner'; DMCPResNet18 runs with DMCPRunner here." },
        { "nesterov: True", "nesterov: False", "optimizer.nesterov is False; momentum is always Nesterov's here." },
        { "no_wd: True", "no_wd: no", "optimizer.no_wd is no; biases and batch norms never decay here." },
        { "momentum: 0.9", "momentum: 1.9", "optimizer.momentum is 1.9; needed is a number in [0, 1)." },
        { "weight_decay: 0.0001", "weight_decay: much", "optimizer.weight_decay is 'much'; needed is a number." },
        { "type: ImageNet", "type: CIFAR10", "dataset.type is 'CIFAR10'; only ImageNet is read here" },
        { "test_resize: 256", "test_resize: 256\n        rotation: 10", "dataset.augmentation.rotation is 10; images cannot be rotated" },
        { "[0.2, 0.2, 0.2, 0.1]", "[0.2, 2]", "dataset.augmentation.color_jitter needs 1 to 4 numbers" },
        { "[0.2, 0.2, 0.2, 0.1]", "{a: 1}", "dataset.augmentation.color_jitter has several values; needed is one." },
        { "batch_size: 64", "batch_size: 1", "dataset.batch_size is '1'; needed is a whole number of 2 or more." },
        { "batch_size: 64", "batch_size:", "dataset.batch_size has no value." },
        { "input_size: *side", "input_size: 32", "dataset.input_size is 32 and model.kwargs.input_size is 224; they must be equal." },
        { "input_size: &side 224", "input_size: &side 4", "model.kwargs.input_size is '4'; needed is a whole number of 8 or more." },
        { "prob_type: sigmoid", "prob_type: sigmoyd", "prob_type is 'sigmoyd'; known are sigmoid, exp. Did you mean 'sigmoid'?" },
        { "floss_type: log_l1", "floss_type: log", "arch.floss_type is 'log'; known are log_l1, l1, l2, inverted_log_l1." },
        { "flop_loss_weight: 0.1", "flop_loss_weight: -1", "arch.flop_loss_weight is -1; needed is 0 or more." },
        { "train_freq: 1", "train_freq: 0", "arch.train_freq is '0'; needed is a whole number of 1 or more." },
        { "[max, min, scheduled_random, scheduled_random]", "[max, min, random, random]", "arch.sample_type has 'random'; known are" },
        { "[max, min, scheduled_random, scheduled_random]", "[min, max, arch_random, arch_random]", "arch.sample_type is [min, max," },
        { "[max, min, scheduled_random, scheduled_random]", "[max, min, arch_random, non_uni_random]", "2 times the same" },
        { "num_sample: 4", "num_sample: 1", "training.sandwich.num_sample is '1'; needed is a whole number of 2 or more." },
        { "num_sample: 4", "num_sample: 5", "arch.sample_type is [max, min, scheduled_random, scheduled_random]; needed are" },
        { "num_model_sample: 5", "num_model_sample: -1", "arch.num_model_sample is '-1'" },
        { "num_flops_stats_sample: 3000", "num_flops_stats_sample: 0", "arch.num_flops_stats_sample is '0'" },
        { "max_width: *widest", "max_width: 0.9", "training.sandwich.max_width is 0.9 and model.kwargs.width has 1" },
        { Range, "[&narrowest 0.1, &widest 1.0, &step 3]", "model.kwargs.width is no range of widths" },
        { Range, "&narrowest 0.1\n        w: &widest 1\n        x: &step 1", "model.kwargs.width needs three numbers" },
        { "width: [*widest]", "width: [2]", "evaluation.width is 2; needed are widths from the narrowest to the widest." },
        { "num_batch: 5", "num_batch: 0", "validation.calibration.num_batch is '0'" },
        { "temperature: 1", "temperature: 0", "training.distillation.temperature is 0; needed is a number above 0." },
        { "loss_weight: 1,", "loss_weight: x,", "training.distillation.loss_weight is 'x'; needed is a number." },
        { "hard_label: False", "hard_label: perhaps", "training.distillation.hard_label is 'perhaps'; needed is true or false." },
        { "label_smooth: None", "label_smooth: 1", "training.label_smooth is 1; needed is None or a share in [0, 1)." },
        { "epoch: 40", "epoch: 0", "training.epoch is '0'; needed is a whole number of 1 or more." },
        { "epoch: 40", "epoch: 40\n    epoch: 41", "this is no YAML" },
        { "epoch: 40", "epochs: 40", "'training.epoch' is missing." },
        { "min_lr: 0.08", "min_lr: -1", "lr_scheduler.min_lr is -1; needed is a learning rate of 0 or more." },
        { "min_lr: 0.08", "min_lr: 0.8", "lr_scheduler.min_lr is 0.8; it cannot be above warmup_lr, 0.5, here." },
        { "min_lr: 0.1}", "min_lr: nan}", "arch_lr_scheduler.min_lr is 'nan'; needed is a number." },
        { "{enable: False, checkpoint: None}", "{enable: True, checkpoint: a.pth}", "recover.checkpoint is 'a.pth', a state dict" },
        { "{enable: False, checkpoint: None}", "{enable: 3, checkpoint: None}", "recover.enable is '3'; needed is true or false." },
        { "random_seed: 3080", "random_seed: 1.5", "random_seed is '1.5'; needed is a whole number of 0 or more." },
        { "random_seed: 3080", "- 1", "this is no YAML" },
        { "logging: {print_freq: 50}", "logging: 50", "logging has one value; needed are keys with values" },
        { "logging: {print_freq: 50}", "logging: " + "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested more than 32 deep" },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public void A_search_that_would_be_another_is_refused_with_the_key(string there, string instead, string error)
    {
        var text = File.ReadAllText(ToolFolder.Config("res18", "dmcp"));
        Assert.Contains(there, text);
        var place = text.IndexOf(there, StringComparison.Ordinal);
        var result = Trained(text[..place] + instead + text[(place + there.Length)..]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("changed.yaml", result.Failure);
        Assert.Contains(error, result.Failure);
    }

    [Fact]
    public void Numbers_of_iterations_and_classes_that_do_not_fit_the_images_are_refused_with_what_fits()
    {
        _folder.Draw("images", perClass: 5);
        string[] line = ["train", "--config", ToolFolder.Config("mbv2", "dmcp"), "--data", "images", "--flops", "300"];
        Assert.Contains("model.kwargs.num_classes is 1000; the images have 4 classes", _folder.Run(line).Failure);
        Assert.EndsWith("--set model.kwargs.num_classes=4.", _folder.Run(line).Failure);
        string[] four = [.. line, "--set", "model.kwargs.num_classes=4"];
        Assert.Contains("lr_scheduler.warmup_steps is 1000; the run has 40 iterations", _folder.Run(four).Failure);
    }

    [Fact]
    public void What_is_not_as_in_the_release_is_named_in_one_warning_with_every_key()
    {
        var text = File.ReadAllText(ToolFolder.Config("res18", "dmcp"));
        text = text.Replace("epoch: 40", "epoch: 41\n    new_key: 3", StringComparison.Ordinal);
        var warning = Assert.Single(Trained(text).Error.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal));
        string[] named =
        [
            "training.epoch (", "training.new_key (unknown, to the release too)", "validation.width (", "arch.num_flops_stats_sample (",
            "dataset.augmentation.test_resize (", "distributed.enable (one device, so that a batch has 64 images",
            "dataset.workers, logging.print_freq (",
        ];
        Assert.All(named, key => Assert.Contains(key, warning));
    }

    [Fact]
    public void Folders_without_the_images_that_are_needed_are_named()
    {
        string[] line = ["train", "--config", ToolFolder.Config("res18", "dmcp"), "--flops", "4", .. ToolFolder.Small, "--data"];
        _folder.Draw("single", perClass: 1);
        Assert.Contains("holds one image; needed are two", _folder.Run([.. line, "single"]).Failure);
        _folder.Draw("vehicles", perClass: 2);
        Directory.Move(Path.Combine(_folder.Root, "vehicles", "Klasse 3 类"), Path.Combine(_folder.Root, "vehicles", "train"));
        _folder.Run([.. line, "vehicles", "--dry-run"]).Succeeded();
        _folder.Draw("imagenet/train", perClass: 2);
        Assert.Contains("has folders of classes in only one of 'train' and 'val'", _folder.Run([.. line, "imagenet"]).Failure);
        _folder.Draw("imagenet/val", perClass: 1);
        Directory.Move(Path.Combine(_folder.Root, "imagenet/val/Klasse 3 类"), Path.Combine(_folder.Root, "imagenet/val/stranger"));
        Assert.Contains("is of class 'stranger', which", _folder.Run([.. line, "imagenet"]).Failure);
    }

    private ToolResult Trained(string config) => _folder.Run(
        "train", "--config", _folder.Write("changed.yaml", config), "--data", Path.Combine(_folder.Root, "none"), "--flops", "900");
}
