using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Values under names, in the order in which the names came.</summary>
internal sealed class NamedList<T> : IEnumerable<(string, T)>
{
    private readonly List<(string Name, T Value)> _entries = [];
    private readonly Dictionary<string, int> _places = [];

    public T this[string name]
    {
        set
        {
            if (_places.TryGetValue(name, out var place))
            {
                _entries[place] = (name, value);
                return;
            }
            _places.Add(name, _entries.Count);
            _entries.Add((name, value));
        }
    }

    public bool Contains(string name) => _places.ContainsKey(name);

    public bool TryGet(string name, out T value)
    {
        var found = _places.TryGetValue(name, out var place);
        value = found ? _entries[place].Value : default!;
        return found;
    }

    public void Remove(string name)
    {
        if (!_places.Remove(name, out var removed))
            return;
        _entries.RemoveAt(removed);
        foreach (var (other, place) in _places.Where(p => p.Value > removed).ToList())
            _places[other] = place - 1;
    }

    public void Clear()
    {
        _entries.Clear();
        _places.Clear();
    }

    public IEnumerator<(string, T)> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
