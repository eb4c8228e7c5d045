using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows whose split fraction is in a range, or those whose is not.</summary>
internal sealed class FractionFilterView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly SplitFraction _fraction;
    private readonly Func<double, bool> _accept;

    public FractionFilterView(IHostEnvironment env, IDataView source, SplitFraction fraction, Func<double, bool> accept)
    {
        _host = env.Register("RangeFilter");
        _source = source;
        _fraction = fraction;
        _accept = accept;
    }

    /// <summary>As of the source, unless fractions are drawn row by row, in the source's own order.</summary>
    public bool CanShuffle => _source.CanShuffle && _fraction.Column is not null;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var input = _source.GetRowCursor(_fraction.Column is { } column ? [.. needed, column] : needed, CanShuffle ? rand : null);
        return new Cursor(_host, input, Utils.BuildArray(Schema.Count, needed), _fraction.Bind(input), _accept);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(IHost host, DataViewRowCursor input, bool[] active, Func<double> fraction, Func<double, bool> accept)
        : LinkedCursor(host, input, active)
    {
        public override long Batch => Input.Batch;

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
            {
                if (accept(fraction()))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
