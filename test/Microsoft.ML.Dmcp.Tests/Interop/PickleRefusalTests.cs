using System.Text;
using Microsoft.ML.Dmcp.Interop.Configs;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A .npy file may come from anyone: nothing in it runs, and what is no saved dict of integers is refused by its place.</summary>
public sealed class PickleRefusalTests
{
    private static byte[] Release => File.ReadAllBytes(ConfigFolder.Numpy("release-resnet18"));

    [Theory]
    [InlineData("cos\nsystem\nX\u0004\0\0\0exit\u0085R", "os.system")]
    [InlineData("X\u0002\0\0\0osX\u0006\0\0\0system\u0093X\u0004\0\0\0exit\u0085R", "os.system")]
    [InlineData("cbuiltins\neval\n", "builtins.eval")]
    [InlineData("cnumpy.core.multiarray\nfromfile\n", "fromfile")]
    [InlineData("cnumpy\nload\n", "numpy.load")]
    [InlineData("cnumpy.core.multiarray\nscalar\n)R", "other arguments")]
    [InlineData("c_codecs\nencode\nX\u0001\0\0\0bX\u0003\0\0\0rot\u0086R", "other arguments")]
    [InlineData("cnumpy\ndtype\n(X\u0002\0\0\0f8\u0089\u0088tRC\u0001bb", "another state")]
    [InlineData("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(X\u0002\0\0\0f8\u0089\u0088tRC\u0001btR", "no integer")]
    [InlineData("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(X\u0002\0\0\0i8\u0089\u0088tRC\u0001btR", "no integer")]
    [InlineData("}X\u0001\0\0\0a\u0085R", "no function")]
    [InlineData("}Nb", "another state")]
    [InlineData("}K\u0001K\u0001s", "no text")]
    [InlineData("}(X\u0001\0\0\0au", "no value")]
    [InlineData("]K\u0001K\u0001s", "no dict")]
    [InlineData("}K\u0001a", "no list")]
    [InlineData("h\u0063", "remembered under 99")]
    [InlineData("j\u0063\0\0\0", "remembered under 99")]
    [InlineData("\u0087\u0087\u0087", "operand is missing")]
    [InlineData("(((t", "operand is missing")]
    [InlineData("ttttttt", "no beginning")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffa", "4294967295 bytes")]
    [InlineData("\u008a\u00ff", "255 bytes")]
    [InlineData("\u008a\u0009123456789", "9 bytes")]
    [InlineData("X\u0001\0\0\0\u00ff", "UTF-8")]
    [InlineData("K\u0001K\u0001", "list")]
    [InlineData("K\u0001.", "follow")]
    [InlineData("K\u0001", "no dict")]
    [InlineData("]", "no dict")]
    public void Code_damage_and_other_objects_are_refused_by_their_place(string opcodes, string why)
    {
        var message = Refusal([.. PickleFile.Header, .. PickleFile.Array(Encoding.Latin1.GetBytes(opcodes))]);
        Assert.Contains(why, message);
    }

    [Fact]
    public void Every_other_opcode_is_refused()
    {
        foreach (var opcode in Enumerable.Range(0, 256).Where(o => !Enum.IsDefined((PickleOpcode)o)))
        {
            byte[] file = [.. PickleFile.Header, .. PickleFile.Array([(byte)opcode])];
            Assert.Contains($"byte {file.Length - 5}: opcode 0x{opcode:x2}", Refusal(file));
        }
    }

    [Fact]
    public void Another_header_is_refused_with_what_it_says()
    {
        var pickle = Release[128..];
        foreach (var (header, why) in new (byte[], string)[]
        {
            ([], "no .npy"),
            ([.. "PK\x03\x04 a zip of arrays"u8], "no .npy"),
            (PickleFile.HeaderOf("{'descr': '|O', 'fortran_order': False, 'shape': (), }", version: 2), "2.0"),
            (PickleFile.HeaderOf("{'descr': '|O', 'fortran_order': True, 'shape': (), }"), "fortran_order True"),
            (PickleFile.HeaderOf("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }"), "'<f8' and shape (3,)"),
            (PickleFile.HeaderOf("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), "shape (1,)"),
            (PickleFile.HeaderOf("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (), }"), "damaged"),
            (PickleFile.HeaderOf("{}"), "damaged"),
            (PickleFile.HeaderOf(""), "damaged"),
        })
            Assert.Contains(why, Refusal([.. header, .. pickle]));
        Assert.Contains("ends in its header", Refusal(PickleFile.Header[..100]));
        Assert.Contains("protocol", Refusal([.. PickleFile.Header, .. "(dp0\n."u8]));
        Assert.Contains("protocol", Refusal([.. PickleFile.Header, 0x80, 6, (byte)'.']));
        Assert.Contains("1 bytes follow", Refusal([.. Release, 0]));
    }

    [Fact]
    public void A_file_that_was_cut_or_changed_anywhere_is_refused_or_read_and_nothing_else()
    {
        var bytes = Release;
        for (var length = 0; length < bytes.Length; length++)
            Refusal(bytes[..length]);
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = bytes.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                damaged[random.Next(128, damaged.Length)] = (byte)random.Next(256);
            try
            {
                NumpyDict.Read(damaged);
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public void A_million_tuples_in_each_other_take_neither_stack_nor_time()
    {
        byte[] tuples = [(byte)'N', .. Enumerable.Repeat((byte)PickleOpcode.Tuple1, 1 << 20)];
        Assert.Contains("no dict", Refusal([.. PickleFile.Header, .. PickleFile.Array(tuples)]));
    }

    private static string Refusal(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<FormatException>(() => NumpyDict.Read(file)).Message;
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100 << 20, "it took memory");
        return message;
    }
}
