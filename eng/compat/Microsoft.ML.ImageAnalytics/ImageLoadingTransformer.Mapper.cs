using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

public sealed partial class ImageLoadingTransformer
{
    private sealed class Mapper(ImageLoadingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            DataViewType type = parent._useImageType ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);
            return [.. parent.ColumnPairs.Select(pair => new DataViewSchema.DetachedColumn(pair.outputColumnName, type, null))];
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            var getPath = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[ColMapNewToOld[iinfo]]);
            return parent._useImageType ? MakeImageGetter(getPath, out disposer) : MakeBytesGetter(getPath, out disposer);
        }

        private ValueGetter<MLImage> MakeImageGetter(ValueGetter<ReadOnlyMemory<char>> getPath, out Action disposer)
        {
            MLImage last = null;
            disposer = () =>
            {
                last?.Dispose();
                last = null;
            };

            ReadOnlyMemory<char> text = default;
            return (ref MLImage dst) =>
            {
                dst?.Dispose();
                dst = null;
                getPath(ref text);
                if (text.Length > 0)
                {
                    var path = FullPath(text);
                    dst = MLImage.CreateFromEncoded(File.ReadAllBytes(path), "Invalid input stream contents", "imageStream");
                    dst.Tag = path;
                }

                last = dst;
            };
        }

        private ValueGetter<VBuffer<byte>> MakeBytesGetter(ValueGetter<ReadOnlyMemory<char>> getPath, out Action disposer)
        {
            disposer = null;
            ReadOnlyMemory<char> text = default;
            return (ref VBuffer<byte> dst) =>
            {
                getPath(ref text);
                var bytes = text.Length > 0 ? File.ReadAllBytes(FullPath(text)) : [];
                dst = new VBuffer<byte>(bytes.Length, bytes);
            };
        }

        private string FullPath(ReadOnlyMemory<char> path) =>
            string.IsNullOrWhiteSpace(parent.ImageFolder) ? path.ToString() : Path.Combine(parent.ImageFolder, path.ToString());
    }
}
