using System.Runtime.CompilerServices;
using static TorchSharp.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An at::Tensor. It belongs to the dispose scope open on its thread when it was made; a finalizer is the net below.</summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        internal nint handle;

        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            var total = Interlocked.Increment(ref _totalCount);
            if (total > _peakCount)
                _peakCount = total;
            if (register)
                OwningDisposeScope = DisposeScopeManager.ThreadSingleton.RegisterOnCurrentDisposeScope(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningDisposeScope { get; set; }

        public static long TotalCount => Interlocked.Read(ref _totalCount);
        public static long PeakCount => Interlocked.Read(ref _peakCount);

        public string? name { get; set; }

        public bool IsInvalid => handle == 0;

        public IntPtr Handle => handle != 0 ? handle : Gone();

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var h = Interlocked.Exchange(ref handle, 0);
            if (h == 0)
                return;
            // A finalizer runs on its own thread, and only when no scope that could still act holds the tensor.
            if (disposing)
            {
                DisposeScopeManager.ThreadSingleton.Disposing(this);
                OwningDisposeScope?.MarkAsDisposed(this);
            }
            Interlocked.Decrement(ref _totalCount);
            ts_free(h);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null)
                other?.Attach(this);
            else
                OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        /// <summary>Gives up the native tensor: the caller frees it.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var h = Handle;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref _totalCount);
            handle = 0;
            return h;
        }

        /// <summary>Takes the native tensor away from this object, which is invalid afterwards.</summary>
        internal nint MoveHandle()
        {
            Interlocked.Decrement(ref _totalCount);
            return Interlocked.Exchange(ref handle, 0);
        }

        private static nint Gone() => throw new InvalidOperationException("Tensor invalid -- empty handle.");

        // What the operations below end with: the result, or libtorch's error; the operands live at least until here.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static Tensor Made(nint result, Tensor? a = null, Tensor? b = null, Tensor? c = null, Tensor? d = null, Tensor? e = null)
        {
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            GC.KeepAlive(c);
            GC.KeepAlive(d);
            GC.KeepAlive(e);
            if (result == 0)
                Throw();
            return new Tensor(result);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Tensor Acted(int succeeded, Tensor? a = null, Tensor? b = null)
        {
            GC.KeepAlive(this);
            GC.KeepAlive(a);
            GC.KeepAlive(b);
            Check(succeeded);
            return this;
        }
    }
}
