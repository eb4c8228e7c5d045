using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

public sealed partial class ImagePixelExtractingTransformer
{
    private sealed class Mapper(ImagePixelExtractingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            [.. parent._columns.Select((column, i) => new DataViewSchema.DetachedColumn(column.Name, OutputType(i), null))];

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            var options = parent._columns[iinfo];
            var (offset, scale) = (options.OffsetImage, options.ScaleImage);
            return options.OutputAsFloatArray
                ? MakeGetter<float>(input, iinfo, color => (color - offset) * scale, out disposer)
                : MakeGetter<byte>(input, iinfo, color => color, out disposer);
        }

        private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input, int iinfo, Func<byte, T> convert, out Action disposer)
            where T : struct
        {
            var options = parent._columns[iinfo];
            var type = InputType(iinfo);
            var size = OutputType(iinfo).Size;
            var converted = Utils.BuildArray(byte.MaxValue + 1, color => convert((byte)color));
            var getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            MLImage source = null;
            disposer = () =>
            {
                source?.Dispose();
                source = null;
            };

            return (ref VBuffer<T> dst) =>
            {
                getSource(ref source);
                if (source is null)
                {
                    VBufferUtils.Resize(ref dst, size, 0);
                    return;
                }

                Host.Check(source.Height == type.Height && source.Width == type.Width);
                var editor = VBufferEditor.Create(ref dst, size);
                Extract(source.Pixels, options.PlaneOffsets(source.PixelFormat), options.InterleavePixelColors, converted, editor.Values);
                dst = editor.Commit();
            };
        }

        private static void Extract<T>(ReadOnlySpan<byte> pixels, int[] planeOffsets, bool interleave, ReadOnlySpan<T> converted, Span<T> values)
        {
            var count = pixels.Length / PixelBuffer.BytesPerPixel;
            var (stride, step) = interleave ? (1, planeOffsets.Length) : (count, 1);
            for (var plane = 0; plane < planeOffsets.Length; plane++)
            {
                var target = plane * stride;
                for (var at = planeOffsets[plane]; at < pixels.Length; at += PixelBuffer.BytesPerPixel)
                {
                    values[target] = converted[pixels[at]];
                    target += step;
                }
            }
        }

        private ImageDataViewType InputType(int iinfo) => (ImageDataViewType)InputSchema[ColMapNewToOld[iinfo]].Type;

        private VectorDataViewType OutputType(int iinfo)
        {
            var options = parent._columns[iinfo];
            var image = InputType(iinfo);
            return options.InterleavePixelColors
                ? new VectorDataViewType(options.OutputItemType, image.Height, image.Width, options.Planes)
                : new VectorDataViewType(options.OutputItemType, options.Planes, image.Height, image.Width);
        }
    }
}
