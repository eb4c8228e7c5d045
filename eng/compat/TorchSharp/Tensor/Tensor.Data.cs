using TorchSharp.Utils;
using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // The elements as .NET sees them.
    public partial class Tensor
    {
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The only element. It waits for the device.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            ValidateType(typeof(T));
            if (device_type == DeviceType.CPU)
                return *(T*)Data();
            using var here = cpu();
            return *(T*)here.Data();
        }

        /// <summary>The memory of a contiguous tensor on the CPU. It is valid while the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get => new((void*)Data(), Readable());
            set
            {
                if (!is_contiguous())
                    throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>((void*)Data(), value.Length));
                GC.KeepAlive(this);
            }
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            Readable(limited: false);
            var p = (byte*)Data();
            for (long left = NumberOfElements * ElementSize, n; left > 0; left -= n, p += n)
            {
                n = Math.Min(left, Chunk(bufferSize));
                stream.Write(new ReadOnlySpan<byte>(p, (int)n));
            }
            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            Readable(limited: false);
            var p = (byte*)Data();
            for (long left = NumberOfElements * ElementSize, n; left > 0; left -= n, p += n)
            {
                n = Math.Min(left, Chunk(bufferSize));
                stream.ReadExactly(new Span<byte>(p, (int)n));
            }
            GC.KeepAlive(this);
        }

        /// <summary>As <see cref="TensorExtensionMethods.Save(Tensor, BinaryWriter)"/> wrote it.</summary>
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location)
        {
            using var stream = File.OpenRead(location);
            return Load(stream);
        }

        internal nint Data()
        {
            var p = ts_data(Handle);
            if (p == 0 && NumberOfElements != 0)
                Throw();
            return p;
        }

        internal void ValidateType(Type dotnetType)
        {
            if (DotnetType(dtype) is { } expected && expected != dotnetType)
                throw new ArgumentException($"{dotnetType.Name} is not compatible with {dtype}");
        }

        private static int Chunk(int bufferSize) => Math.Max(bufferSize, 1 << 20);

        private int Readable(bool limited = true)
        {
            if (!is_contiguous())
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            var size = NumberOfElements * ElementSize;
            if (limited && size > int.MaxValue)
                throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            return limited ? (int)size : 0;
        }
    }
}
