using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies libLibTorchSharp.so with its need of GLIBCXX_3.4.32 marked weak (VER_FLG_WEAK in one Vernaux record), so that it loads where
/// libstdc++ lacks that version. Compiled by MSBuild on the machine that builds the application (RoslynCodeTaskFactory, C# 7.3): see
/// LoadableLibTorchSharp.targets.
/// </summary>
public class DmcpWeakenGlibcxxVersion : Task
{
    private const string Library = "libstdc++.so.6", Version = "GLIBCXX_3.4.32", Symbol = "_ZSt21ios_base_library_initv";
    private const uint SymbolTable = 11, Relocations = 4, NeededVersions = 0x6ffffffe, SymbolVersions = 0x6fffffff; // sh_type
    private const int Weak = 2; // VER_FLG_WEAK

    [Required]
    public string Source { get; set; }

    [Required]
    public string Target { get; set; }

    /// <summary>Why the copy is needed, for the message.</summary>
    [Required]
    public string Reason { get; set; }

    public override bool Execute()
    {
        try
        {
            var file = File.ReadAllBytes(Source);
            var refusal = new Elf(file).Weaken();
            Directory.CreateDirectory(Path.GetDirectoryName(Target));
            File.Delete(Target);
            if (refusal != null)
            {
                Log.LogMessage(MessageImportance.Normal, "Microsoft.ML.Dmcp: {0} is used as it is: {1}.", Source, refusal);
                return true;
            }
            var temporary = Target + "." + Guid.NewGuid().ToString("N") + ".tmp";
            File.WriteAllBytes(temporary, file);
            File.Move(temporary, Target);
            Log.LogMessage(MessageImportance.High,
                "Microsoft.ML.Dmcp: the application gets a copy of libLibTorchSharp.so that loads without {0} of libstdc++ ({1}); " +
                "the package cache is unchanged. (DmcpLoadableLibTorchSharp=false turns this off.)", Version, Reason);
            return true;
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Log.LogError("Microsoft.ML.Dmcp: libLibTorchSharp.so could not be copied from '{0}' to '{1}': {2}", Source, Target, e.Message);
            return false;
        }
    }

    private struct Section
    {
        public uint Type, Link;
        public long Start, Length;
    }

    /// <summary>The few parts of a 64-bit little-endian ELF file that matter here.</summary>
    private sealed class Elf
    {
        private readonly byte[] _file;
        private readonly List<Section> _sections = new List<Section>();

        public Elf(byte[] file)
        {
            _file = file;
        }

        /// <summary>Marks the version weak; null, or why the file is left alone.</summary>
        public string Weaken()
        {
            try
            {
                return Find(out var flags) ?? Mark(flags);
            }
            catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
            {
                return "it is no ELF file that this target knows";
            }
        }

        private string Mark(int flags)
        {
            _file[flags] |= Weak;
            return null;
        }

        private string Find(out int flags)
        {
            flags = -1;
            if (_file.Length < 64 || U32(0) != 0x464c457f || _file[4] != 2 || _file[5] != 1)
                return "it is no ELF file of 64 bits";
            ReadSections();
            if (!Only(NeededVersions, out var needed) || !Only(SymbolTable, out var symbols) || !Only(SymbolVersions, out var versions))
                return "it has no needed versions";
            var index = -1;
            for (long entry = needed.Start, next = 1; next != 0; entry += next)
            {
                var isLibrary = Text(needed, U32(entry + 4)) == Library;
                var count = U16(entry + 2);
                var record = entry + U32(entry + 8);
                for (var i = 0; i < count; i++, record += U32(record + 12))
                    if (isLibrary && Text(needed, U32(record + 8)) == Version)
                    {
                        if (index >= 0)
                            return "it names " + Version + " twice";
                        flags = checked((int)record + 4);
                        index = U16(record + 6);
                    }
                next = U32(entry + 12);
            }
            if (index < 0)
                return "it does not need " + Version;
            if ((_file[flags] & Weak) != 0)
                return "its need of " + Version + " is weak already";
            return Users(symbols, versions, index);
        }

        /// <summary>Null when nothing but the unused symbol has the version.</summary>
        private string Users(Section symbols, Section versions, int index)
        {
            var users = new HashSet<uint>();
            for (uint symbol = 0; symbol < symbols.Length / 24; symbol++)
            {
                if ((U16(versions.Start + 2 * symbol) & 0x7fff) != index)
                    continue;
                if (Text(symbols, U32(symbols.Start + 24 * symbol)) != Symbol)
                    return "it needs more of " + Version + " than " + Symbol;
                users.Add(symbol);
            }
            foreach (var section in _sections)
                if (section.Type == Relocations)
                    for (var at = section.Start; at < section.Start + section.Length; at += 24)
                        if (users.Contains(U32(at + 12)))
                            return "it uses " + Symbol;
            return null;
        }

        private void ReadSections()
        {
            var at = checked((long)BitConverter.ToUInt64(_file, 40));
            int size = U16(58), count = U16(60);
            for (var i = 0; i < count; i++, at += size)
                _sections.Add(new Section
                {
                    Type = U32(at + 4),
                    Link = U32(at + 40),
                    Start = (long)BitConverter.ToUInt64(_file, (int)at + 24),
                    Length = (long)BitConverter.ToUInt64(_file, (int)at + 32),
                });
        }

        private bool Only(uint type, out Section found)
        {
            found = _sections.Find(s => s.Type == type);
            return _sections.FindAll(s => s.Type == type).Count == 1;
        }

        private string Text(Section section, uint offset)
        {
            var start = checked((int)(_sections[(int)section.Link].Start + offset));
            return Encoding.ASCII.GetString(_file, start, Array.IndexOf(_file, (byte)0, start) - start);
        }

        private ushort U16(long at)
        {
            return BitConverter.ToUInt16(_file, checked((int)at));
        }

        private uint U32(long at)
        {
            return BitConverter.ToUInt32(_file, checked((int)at));
        }
    }
}
