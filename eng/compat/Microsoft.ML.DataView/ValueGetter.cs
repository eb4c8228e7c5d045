namespace Microsoft.ML;

/// <summary>Fills <paramref name="value"/>, whose previous content (a buffer, say) may be reused.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
