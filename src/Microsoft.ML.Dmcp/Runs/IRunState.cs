namespace Microsoft.ML.Dmcp.Runs;

/// <summary>What iterations of a run change, and a checkpoint therefore holds.</summary>
internal interface IRunState
{
    /// <summary>Writes the state. Waits for the device.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    void Load(BinaryReader reader);
}
