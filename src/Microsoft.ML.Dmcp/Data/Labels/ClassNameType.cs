using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Data.Labels;

/// <summary>A type that the key values of a label column may have: text, as a rule, or numbers.</summary>
/// <param name="name">Its name in model files.</param>
/// <param name="itemType">ML.NET's name of it.</param>
internal abstract class ClassNameType(string name, PrimitiveDataViewType itemType)
{
    private static readonly ClassNameType[] All =
    [
        new ClassNameType<ReadOnlyMemory<char>>("Text", TextDataViewType.Instance, v => v.ToString(), n => n.AsMemory()),
        new ClassNameType<bool>("Boolean", BooleanDataViewType.Instance, v => v.ToString(), bool.Parse),
        Number<sbyte>(NumberDataViewType.SByte), Number<byte>(NumberDataViewType.Byte),
        Number<short>(NumberDataViewType.Int16), Number<ushort>(NumberDataViewType.UInt16),
        Number<int>(NumberDataViewType.Int32), Number<uint>(NumberDataViewType.UInt32),
        Number<long>(NumberDataViewType.Int64), Number<ulong>(NumberDataViewType.UInt64),
        Number<float>(NumberDataViewType.Single), Number<double>(NumberDataViewType.Double),
    ];

    /// <summary>Its name in model files.</summary>
    public string Name { get; } = name;

    /// <summary>ML.NET's name of it.</summary>
    public PrimitiveDataViewType ItemType { get; } = itemType;

    /// <summary>The type of this name; null when there is none.</summary>
    public static ClassNameType? Find(string name) => Array.Find(All, t => t.Name == name);

    /// <summary>The type of these key values; null when there is none.</summary>
    public static ClassNameType? Find(DataViewType itemType) => Array.Find(All, t => t.ItemType.Equals(itemType));

    /// <summary>The values of an annotation as text.</summary>
    public abstract string[] Read(DataViewSchema.Column column, string kind);

    /// <summary>Checks that every text stands for a value.</summary>
    /// <exception cref="FormatException">One does not.</exception>
    public abstract void Check(IReadOnlyList<string> names);

    /// <summary>Adds an annotation of the values that these texts stand for.</summary>
    public abstract void Add(DataViewSchema.Annotations.Builder annotations, string kind, IReadOnlyList<string> names);

    private static ClassNameType<T> Number<T>(PrimitiveDataViewType itemType) where T : struct, IFormattable, IParsable<T> =>
        new(typeof(T).Name, itemType, v => v.ToString(null, CultureInfo.InvariantCulture), n => T.Parse(n, CultureInfo.InvariantCulture));
}
