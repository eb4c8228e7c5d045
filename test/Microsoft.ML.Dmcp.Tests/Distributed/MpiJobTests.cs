using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Dmcp.Tests.Package;
using YamlDotNet.RepresentationModel;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>
/// The manifest for Kubernetes keeps the rules that the MPI operator checks (v2beta1: required fields, enumerations, names), and starts as
/// many processes as there are slots.
/// </summary>
public partial class MpiJobTests
{
    private static readonly YamlMappingNode Job = Load();

    [Fact]
    public void The_operator_knows_every_field_of_the_job()
    {
        OnlyFields(Job, "apiVersion", "kind", "metadata", "spec");
        Assert.Equal("kubeflow.org/v2beta1", Text(Job, "apiVersion"));
        Assert.Equal("MPIJob", Text(Job, "kind"));
        OnlyFields(Map(Job, "spec"), "slotsPerWorker", "runLauncherAsWorker", "runPolicy", "mpiReplicaSpecs", "sshAuthMountPath",
            "launcherCreationPolicy", "mpiImplementation");
        OnlyFields(Map(Job, "spec", "runPolicy"), "cleanPodPolicy", "ttlSecondsAfterFinished", "activeDeadlineSeconds", "backoffLimit",
            "schedulingPolicy", "suspend", "managedBy");
        OnlyFields(Map(Job, "spec", "mpiReplicaSpecs"), "Launcher", "Worker");
        foreach (var kind in (string[])["Launcher", "Worker"])
            OnlyFields(Map(Job, "spec", "mpiReplicaSpecs", kind), "replicas", "template", "restartPolicy");
    }

    [Fact]
    public void The_operator_accepts_the_values_of_the_job()
    {
        Assert.Contains(Text(Job, "spec", "mpiImplementation"), (string[])["OpenMPI", "Intel", "MPICH"]);
        Assert.Contains(Text(Job, "spec", "launcherCreationPolicy"), (string[])["AtStartup", "WaitForWorkersReady"]);
        Assert.Contains(Text(Job, "spec", "runPolicy", "cleanPodPolicy"), (string[])["None", "Running", "All"]);
        Assert.NotEmpty(Text(Job, "spec", "sshAuthMountPath"));
        Assert.InRange(Number(Job, "spec", "slotsPerWorker"), 1, int.MaxValue);
        Assert.InRange(Number(Job, "spec", "runPolicy", "backoffLimit"), 0, int.MaxValue);
        Assert.Equal(1, Number(Job, "spec", "mpiReplicaSpecs", "Launcher", "replicas"));
        Assert.InRange(Workers, 1, int.MaxValue);
        // The names of pods are names of hosts.
        Assert.Matches(DnsLabel(), $"{Text(Job, "metadata", "name")}-worker-{Workers - 1}");
    }

    [Theory]
    [InlineData("Launcher")]
    [InlineData("Worker")]
    public void Pods_have_a_policy_and_containers_that_Kubernetes_takes(string kind)
    {
        Assert.Contains(Text(Job, "spec", "mpiReplicaSpecs", kind, "restartPolicy"), (string[])["Never", "OnFailure"]);
        var pod = Map(Job, "spec", "mpiReplicaSpecs", kind, "template", "spec");
        OnlyFields(pod, "containers", "volumes");
        var volumes = pod.Children.TryGetValue("volumes", out var some) ? ((YamlSequenceNode)some).Select(v => Text(v, "name")) : [];
        foreach (var container in (YamlSequenceNode)pod["containers"])
        {
            OnlyFields((YamlMappingNode)container, "name", "image", "securityContext", "command", "args", "resources", "volumeMounts");
            Assert.Matches(DnsLabel(), Text(container, "name"));
            Assert.NotEmpty(Text(container, "image"));
            if (((YamlMappingNode)container).Children.TryGetValue("volumeMounts", out var mounts))
                Assert.All((YamlSequenceNode)mounts, mount => Assert.Contains(Text(mount, "name"), volumes));
        }
    }

    [Fact]
    public void The_launcher_starts_as_many_processes_as_there_are_slots_and_each_has_processors_for_its_threads()
    {
        var launcher = Map(Job, "spec", "mpiReplicaSpecs", "Launcher", "template", "spec");
        var container = ((YamlSequenceNode)launcher["containers"])[0];
        var arguments = ((YamlSequenceNode)container["args"]).Select(a => ((YamlScalarNode)a).Value!).ToArray();
        Assert.Equal("mpirun", ((YamlScalarNode)container["command"][0]).Value);
        var slots = Number(Job, "spec", "slotsPerWorker");
        Assert.Equal((Workers * slots).ToString(CultureInfo.InvariantCulture), arguments[Array.IndexOf(arguments, "-np") + 1]);
        var worker = ((YamlSequenceNode)Map(Job, "spec", "mpiReplicaSpecs", "Worker", "template", "spec")["containers"])[0];
        var threads = Number(worker, "resources", "limits", "cpu") / slots;
        Assert.Contains($"OMP_NUM_THREADS={threads}", arguments);
        Assert.Contains($"slot:PE={threads}", arguments);
        // Checkpoints are for all ranks: the folder of the run lies on the shared volume.
        var mount = Text(((YamlSequenceNode)worker["volumeMounts"])[0], "mountPath");
        Assert.All(arguments[^2..], path => Assert.StartsWith(mount + "/", path, StringComparison.Ordinal));
    }

    private static int Workers => Number(Job, "spec", "mpiReplicaSpecs", "Worker", "replicas");

    private static YamlMappingNode Load()
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Path.Combine(Repository.Root, "samples", "Dmcp.Distributed", "mpijob.yaml"));
        yaml.Load(text);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static void OnlyFields(YamlMappingNode node, params string[] known) =>
        Assert.All(node.Children.Keys, key => Assert.Contains(((YamlScalarNode)key).Value, known));

    private static YamlMappingNode Map(YamlNode node, params string[] path) => (YamlMappingNode)At(node, path);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    private static int Number(YamlNode node, params string[] path) => int.Parse(Text(node, path), CultureInfo.InvariantCulture);

    private static YamlNode At(YamlNode node, string[] path) => path.Aggregate(node, (n, name) => n[name]);

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
