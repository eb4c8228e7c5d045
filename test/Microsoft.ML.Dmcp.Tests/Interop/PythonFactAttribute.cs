using System.ComponentModel;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>
/// A test that starts Python with PyTorch and torchvision (Debian's python3-torch and python3-torchvision, or those of the interpreter that
/// PYTHON names). Where they are not installed, the test is reported as skipped.
/// </summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    private const string Check =
        "import sys; from importlib.util import find_spec; sys.exit(not (find_spec('torch') and find_spec('torchvision')))";

    private static readonly Lazy<bool> HasPyTorch = new(Succeeds);

    public PythonFactAttribute()
    {
        if (!HasPyTorch.Value)
            Skip = $"{Interpreter} has no torch and torchvision; PYTHON names another interpreter.";
    }

    /// <summary>The interpreter.</summary>
    public static string Interpreter { get; } = Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3";

    private static bool Succeeds()
    {
        try
        {
            return Package.CommandLine.Run(Path.GetTempPath(), Interpreter, "-c", Check).Status == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
