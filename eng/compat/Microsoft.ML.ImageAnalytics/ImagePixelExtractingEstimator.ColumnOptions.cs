using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

public sealed partial class ImagePixelExtractingEstimator
{
    /// <summary>How one pair of columns is extracted.</summary>
    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly ColorBits ColorsToExtract;
        public readonly ColorsOrder OrderOfExtraction;
        public readonly float OffsetImage;
        public readonly float ScaleImage;
        public readonly bool InterleavePixelColors;
        public readonly bool OutputAsFloatArray;

        public ColumnOptions(
            string name,
            string inputColumnName = null,
            ColorBits colorsToExtract = Defaults.Colors,
            ColorsOrder orderOfExtraction = Defaults.Order,
            bool interleavePixelColors = Defaults.Interleave,
            float offsetImage = Defaults.Offset,
            float scaleImage = Defaults.Scale,
            bool outputAsFloatArray = Defaults.Convert)
        {
            Contracts.CheckNonWhiteSpace(name, nameof(name));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ColorsToExtract = colorsToExtract;
            Contracts.CheckParam(Planes > 0, nameof(colorsToExtract), "Need to use at least one color plane.");
            OrderOfExtraction = orderOfExtraction;
            InterleavePixelColors = interleavePixelColors;
            OutputAsFloatArray = outputAsFloatArray;
            OffsetImage = outputAsFloatArray ? offsetImage : Defaults.Offset;
            ScaleImage = outputAsFloatArray ? scaleImage : Defaults.Scale;
            Contracts.CheckParam(float.IsFinite(OffsetImage), nameof(offsetImage));
            Contracts.CheckParam(float.IsFinite(ScaleImage) && ScaleImage != 0, nameof(scaleImage));
        }

        internal ColumnOptions(string name, string inputColumnName, ModelLoadContext ctx)
        {
            // *** Binary format *** byte: colors, byte: order, byte: floats, float: offset, float: scale, byte: interleaved
            Name = name;
            InputColumnName = inputColumnName;
            ColorsToExtract = (ColorBits)ctx.Reader.ReadByte();
            Contracts.CheckDecode(ColorsToExtract != 0 && (ColorsToExtract & ColorBits.All) == ColorsToExtract);
            OrderOfExtraction = (ColorsOrder)ctx.Reader.ReadByte();
            Contracts.CheckDecode(Enum.IsDefined(OrderOfExtraction));
            OutputAsFloatArray = ctx.Reader.ReadBoolByte();
            OffsetImage = ctx.Reader.ReadFloat();
            Contracts.CheckDecode(float.IsFinite(OffsetImage));
            ScaleImage = ctx.Reader.ReadFloat();
            Contracts.CheckDecode(float.IsFinite(ScaleImage) && ScaleImage != 0);
            Contracts.CheckDecode(OutputAsFloatArray || (OffsetImage == Defaults.Offset && ScaleImage == Defaults.Scale));
            InterleavePixelColors = ctx.Reader.ReadBoolByte();
        }

        /// <summary>How many colors a pixel gives.</summary>
        public int Planes => BitOperations.PopCount((uint)(ColorsToExtract & ColorBits.All));

        public PrimitiveDataViewType OutputItemType => OutputAsFloatArray ? NumberDataViewType.Single : NumberDataViewType.Byte;

        /// <summary>For each plane of the output, where its color lies among the four bytes of a pixel.</summary>
        public int[] PlaneOffsets(MLPixelFormat format)
        {
            var blueFirst = format switch
            {
                MLPixelFormat.Bgra32 => true,
                MLPixelFormat.Rgba32 => false,
                _ => throw new InvalidOperationException("Image pixel format is not supported"),
            };

            var offsets = new List<int>();
            foreach (var color in OrderOfExtraction.ToString())
            {
                var (bit, offset) = color switch
                {
                    'A' => (ColorBits.Alpha, 3),
                    'R' => (ColorBits.Red, blueFirst ? 2 : 0),
                    'G' => (ColorBits.Green, 1),
                    _ => (ColorBits.Blue, blueFirst ? 0 : 2),
                };
                if ((ColorsToExtract & bit) != 0)
                {
                    offsets.Add(offset);
                }
            }

            return [.. offsets];
        }

        internal void Save(ModelSaveContext ctx)
        {
            ctx.Writer.Write((byte)ColorsToExtract);
            ctx.Writer.Write((byte)OrderOfExtraction);
            ctx.Writer.WriteBoolByte(OutputAsFloatArray);
            ctx.Writer.Write(OffsetImage);
            ctx.Writer.Write(ScaleImage);
            ctx.Writer.WriteBoolByte(InterleavePixelColors);
        }
    }
}
