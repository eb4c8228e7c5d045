using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The 256 bytes that open a model stream: where its parts are, what it is and who can load it.</summary>
/// <remarks>A stream is header, model, table of strings (end offsets), their characters, the loader's assembly name, tail.</remarks>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct ModelHeader
{
    public const ulong SignatureValue = 0x4C45444F4D004C4DUL;
    public const ulong TailSignatureValue = 0x4D4C004D4F44454CUL;
    public const int Size = 0x0100;

    private const uint VersionCurrent = 0x00010002;
    private const uint VersionOldest = 0x00010001;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public ulong LoaderSignature0;
    public ulong LoaderSignature1;
    public ulong LoaderSignature2;
    public ulong LoaderSignatureAlt0;
    public ulong LoaderSignatureAlt1;
    public ulong LoaderSignatureAlt2;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    public static void BeginWrite(BinaryWriter writer, out long fpMin, out ModelHeader header)
    {
        Contracts.CheckValue(writer, nameof(writer));
        fpMin = writer.FpCur();
        header = default;
        header.Signature = SignatureValue;
        header.VerWritten = VersionCurrent;
        header.VerReadable = VersionCurrent;
        header.FpModel = Size;
        writer.Write(new byte[Size]);
    }

    public static void EndWrite(BinaryWriter writer, long fpMin, ref ModelHeader header, IReadOnlyList<string> strings,
        string loaderAssemblyName)
    {
        header.CbModel = writer.FpCur() - fpMin - header.FpModel;
        if (strings.Count > 0)
        {
            header.FpStringTable = writer.FpCur() - fpMin;
            header.CbStringTable = strings.Count * sizeof(long);
            header.FpStringChars = header.FpStringTable + header.CbStringTable;
            foreach (var text in strings)
            {
                header.CbStringChars += text.Length * sizeof(char);
                writer.Write(header.CbStringChars);
            }

            foreach (var text in strings)
            {
                writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
            }
        }

        if (!string.IsNullOrEmpty(loaderAssemblyName))
        {
            header.FpAssemblyName = writer.FpCur() - fpMin;
            header.CbAssemblyName = (uint)loaderAssemblyName.Length * sizeof(char);
            writer.Write(MemoryMarshal.AsBytes(loaderAssemblyName.AsSpan()));
        }

        header.FpTail = writer.FpCur() - fpMin;
        writer.Write(TailSignatureValue);
        header.FpLim = writer.FpCur() - fpMin;
        writer.Seek(fpMin);
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(in header)));
        writer.Seek(header.FpLim + fpMin);
    }

    public static void BeginRead(out long fpMin, out ModelHeader header, out string[] strings, out string loaderAssemblyName,
        BinaryReader reader)
    {
        fpMin = reader.FpCur();
        var bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size);
        header = MemoryMarshal.Read<ModelHeader>(bytes);
        header.Validate(reader.BaseStream.Length - fpMin);
        strings = header.ReadStrings(fpMin, reader);
        reader.Seek(header.FpTail - header.CbAssemblyName + fpMin);
        loaderAssemblyName = header.CbAssemblyName == 0 ? null : ReadChars(reader, header.CbAssemblyName);
        Contracts.CheckDecode(reader.ReadUInt64() == TailSignatureValue, "Corrupt model file tail");
        reader.Seek(header.FpModel + fpMin);
    }

    public static void EndRead(long fpMin, ref ModelHeader header, BinaryReader reader)
    {
        Contracts.CheckDecode(header.FpModel + header.CbModel == reader.FpCur() - fpMin);
        reader.Seek(header.FpLim + fpMin);
    }

    public static void SetVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        header.ModelSignature = ver.ModelSignature;
        header.ModelVerWritten = ver.VerWrittenCur;
        header.ModelVerReadable = ver.VerReadableCur;
        (header.LoaderSignature0, header.LoaderSignature1, header.LoaderSignature2) = Pack(ver.LoaderSignature);
        (header.LoaderSignatureAlt0, header.LoaderSignatureAlt1, header.LoaderSignatureAlt2) = Pack(ver.LoaderSignatureAlt);
    }

    public static void CheckVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        Contracts.CheckDecode(header.ModelSignature == ver.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(header.ModelVerReadable <= header.ModelVerWritten, "Corrupt file header");
        var library = typeof(VersionInfo).Assembly.GetName().Version;
        Contracts.CheckDecode(header.ModelVerReadable <= ver.VerWrittenCur,
            $"Cause: ML.NET {library} cannot read component '{ver.LoaderSignature}' of the model, because the model is too new.\nSuggestion: Make sure the model is trained with ML.NET {library} or older.\nDebug details: Maximum expected version {header.ModelVerReadable}, got {ver.VerWrittenCur}.");
        Contracts.CheckDecode(header.ModelVerWritten >= ver.VerWeCanReadBack,
            $"Cause: ML.NET {library} cannot read component '{ver.LoaderSignature}' of the model, because the model is too old.\nSuggestion: Make sure the model is trained with ML.NET {library}.\nDebug details: Minimum expected version {header.ModelVerReadable}, got {ver.VerWrittenCur}.");
    }

    public static string GetLoaderSig(ref ModelHeader header)
        => Unpack(header.LoaderSignature0, header.LoaderSignature1, header.LoaderSignature2);

    public static string GetLoaderSigAlt(ref ModelHeader header)
        => Unpack(header.LoaderSignatureAlt0, header.LoaderSignatureAlt1, header.LoaderSignatureAlt2);

    private static (ulong First, ulong Second, ulong Third) Pack(string signature)
    {
        Contracts.Check(signature is null || (signature.Length <= 24 && signature.All(c => c <= 0xFF)));
        Span<byte> bytes = stackalloc byte[24];
        bytes.Clear();
        Encoding.Latin1.GetBytes(signature ?? "", bytes);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        return (words[0], words[1], words[2]);
    }

    private static string Unpack(params ReadOnlySpan<ulong> words) => Encoding.Latin1.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0');

    private static string ReadChars(BinaryReader reader, long byteCount)
    {
        Contracts.CheckDecode(byteCount >= 0 && byteCount % sizeof(char) == 0 && byteCount < int.MaxValue);
        var bytes = reader.ReadBytes((int)byteCount);
        Contracts.CheckDecode(bytes.Length == byteCount);
        return new string(MemoryMarshal.Cast<byte, char>(bytes));
    }

    private readonly void Validate(long available)
    {
        Contracts.CheckDecode(Signature == SignatureValue, "Wrong file type");
        Contracts.CheckDecode(VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(VerReadable <= VersionCurrent, "File is too new");
        Contracts.CheckDecode(VerWritten >= VersionOldest, "File is too old");
        Contracts.CheckDecode(FpModel == Size && CbModel >= 0);
        var end = FpModel + CbModel;
        if (FpStringTable == 0)
        {
            Contracts.CheckDecode(CbStringTable == 0 && FpStringChars == 0 && CbStringChars == 0);
        }
        else
        {
            Contracts.CheckDecode(FpStringTable == end && CbStringTable > 0 && CbStringTable % sizeof(long) == 0);
            end += CbStringTable;
            Contracts.CheckDecode(FpStringChars == end && CbStringChars >= 0 && CbStringChars % sizeof(char) == 0);
            end += CbStringChars;
        }

        if (VerWritten >= VersionCurrent)
        {
            Contracts.CheckDecode(FpAssemblyName == 0 ? CbAssemblyName == 0 : FpAssemblyName == end && CbAssemblyName % sizeof(char) == 0);
            end += CbAssemblyName;
        }

        Contracts.CheckDecode(FpTail == end && FpLim == FpTail + sizeof(ulong) && available >= FpLim);
    }

    private readonly string[] ReadStrings(long fpMin, BinaryReader reader)
    {
        if (FpStringTable == 0)
        {
            return null;
        }

        reader.Seek(FpStringTable + fpMin);
        var ends = new long[CbStringTable / sizeof(long)];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = reader.ReadInt64();
        }

        Contracts.CheckDecode(ends[^1] == CbStringChars);
        return ends.Select((end, i) => ReadChars(reader, end - (i == 0 ? 0 : ends[i - 1]))).ToArray();
    }
}
