namespace Microsoft.ML.Data;

/// <summary>The work of a row-to-row transform, bound to an input schema.</summary>
internal interface IRowMapper : ICanSaveModel
{
    /// <summary>Which input columns are needed for the output columns wanted.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);

    DataViewSchema.DetachedColumn[] GetOutputColumns();

    ITransformer GetTransformer();
}
