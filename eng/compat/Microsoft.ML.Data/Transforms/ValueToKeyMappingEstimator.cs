using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns which values a column has, and numbers them.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _textAnnotations;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns,
        int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool addKeyValueAnnotationsAsText, IDataView keyData)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        foreach (var (output, _) in columns)
        {
            _host.CheckNonWhiteSpace(output, nameof(output));
        }

        if (keyData is not null && keyData.Schema.Count != 1)
        {
            throw _host.ExceptParam(nameof(keyData),
                $"If specified, this data view should contain only a single column containing the terms to map, but this had {keyData.Schema.Count} columns.");
        }

        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = keyOrdinality;
        _textAnnotations = addKeyValueAnnotationsAsText;
        _keyData = keyData;
    }

    /// <summary>How the values are numbered.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>As they come.</summary>
        ByOccurrence = 0,

        /// <summary>In their own order.</summary>
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        var sorted = _ordinality == KeyOrdinality.ByValue;
        return new ValueToKeyMappingTransformer(_host, _columns,
            TermMapTraining.Train(_host, input, _columns, _maximumNumberOfKeys, sorted, _keyData), _textAnnotations);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var (output, input) in _columns)
        {
            if (!inputSchema.TryFindColumn(input, out var column) || !column.ItemType.IsStandardScalar())
            {
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            }

            if (!column.IsKey || !column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values)
                || values.Kind != SchemaShape.Column.VectorKind.Vector)
            {
                var type = _textAnnotations ? TextDataViewType.Instance : column.ItemType;
                values = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, type, column.IsKey);
            }

            var annotations = column.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var slots) ? new[] { slots, values }
                : [values];
            result[output] = new SchemaShape.Column(output, column.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        }

        return new SchemaShape(result.Values);
    }

    internal static class Defaults
    {
        public const int MaximumNumberOfKeys = 1000000;
        public const KeyOrdinality Ordinality = KeyOrdinality.ByOccurrence;
        public const bool AddKeyValueAnnotationsAsText = false;
    }
}
