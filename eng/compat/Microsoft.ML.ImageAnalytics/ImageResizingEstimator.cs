using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size. See <see cref="ImageEstimatorsCatalog"/>.</summary>
public sealed partial class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(
        IHostEnvironment env,
        string outputColumnName,
        int imageWidth,
        int imageHeight,
        string inputColumnName = null,
        ResizingKind resizing = Defaults.Resizing,
        Anchor cropAnchor = Defaults.CropAnchor)
        : this(env, new ColumnOptions(outputColumnName, imageWidth, imageHeight, inputColumnName, resizing, cropAnchor))
    {
    }

    internal ImageResizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageResizingEstimator)), new ImageResizingTransformer(env, columns))
    {
    }

    /// <summary>What becomes of the proportions.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>They are kept, and the rest is filled up with empty pixels.</summary>
        IsoPad = 0,

        /// <summary>They are kept, and what stands out is cut off.</summary>
        IsoCrop = 1,

        /// <summary>They are given up: the image is stretched.</summary>
        Fill = 2,
    }

    /// <summary>Which part of an image stays where it is cropped.</summary>
    public enum Anchor : byte
    {
        /// <summary>The right one.</summary>
        Right = 0,

        /// <summary>The left one.</summary>
        Left = 1,

        /// <summary>The upper one.</summary>
        Top = 2,

        /// <summary>The lower one.</summary>
        Bottom = 3,

        /// <summary>The middle.</summary>
        Center = 4,
    }

    /// <inheritdoc />
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var options in Transformer.Columns)
        {
            if (!inputSchema.TryFindColumn(options.InputColumnName, out var column))
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", options.InputColumnName);
            }

            if (column.ItemType is not ImageDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", options.InputColumnName, new ImageDataViewType().ToString(), column.GetTypeString());
            }

            result[options.Name] = new SchemaShape.Column(options.Name, SchemaShape.Column.VectorKind.Scalar, options.Type, false);
        }

        return new SchemaShape(result.Values);
    }

    internal static class Defaults
    {
        public const ResizingKind Resizing = ResizingKind.IsoCrop;
        public const Anchor CropAnchor = Anchor.Center;
    }
}
