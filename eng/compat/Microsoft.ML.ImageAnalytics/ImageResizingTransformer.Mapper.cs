using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

public sealed partial class ImageResizingTransformer
{
    private sealed class Mapper(ImageResizingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            [.. parent._columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, null))];

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            var options = parent._columns[iinfo];
            var getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            MLImage source = null;
            disposer = () => source = null;
            return (ValueGetter<MLImage>)((ref MLImage dst) =>
            {
                dst?.Dispose();
                dst = null;
                getSource(ref source);
                if (source is null || source.Height <= 0 || source.Width <= 0)
                {
                    return;
                }

                // An image that has the size already is handed on, not copied.
                if (source.Height == options.ImageHeight && source.Width == options.ImageWidth)
                {
                    dst = source;
                    return;
                }

                dst = source.CloneWithResizing(options.ImageWidth, options.ImageHeight, options.Mode);
                dst.Tag = source.Tag;
            });
        }
    }
}
