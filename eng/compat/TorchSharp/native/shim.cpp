// The C ABI under the TorchSharp stand-in: one function for each libtorch operation that the C# side calls.
//
// A tensor is an at::Tensor* owned by its managed object. No exception leaves this file: a function that makes a tensor
// returns null, any other returns 0, and ts_error() gives libtorch's message for the calling thread.
// It compiles against libtorch 1.13 and everything after it.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/hardsigmoid.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/kl_div.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/nll_loss_nd.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/pad.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/rand_like.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/randperm.h>
#include <ATen/ops/relu6.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#if TORCH_VERSION_MAJOR == 1 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR < 4)
template <class X> using optional = c10::optional<X>;
#else
template <class X> using optional = std::optional<X>;
#endif

#define API extern "C" __attribute__((visibility("default")))

using T = at::Tensor*;
using Gen = at::Generator*;
using I64 = const int64_t*;

namespace {

thread_local std::string last_error;

void record_error() noexcept {
    try {
        throw;
    } catch (const c10::Error& e) {
        last_error = e.what_without_backtrace();
    } catch (const std::exception& e) {
        last_error = e.what();
    } catch (...) {
        last_error = "unknown native error";
    }
}

// What a function returns that makes a tensor. An undefined tensor is null without an error.
template <class F> T make(F&& f) noexcept {
    last_error.clear();
    try {
        at::Tensor t = f();
        return t.defined() ? new at::Tensor(std::move(t)) : nullptr;
    } catch (...) {
        record_error();
        return nullptr;
    }
}

template <class F> T make2(T* second, F&& f) noexcept {
    return make([&]() -> at::Tensor {
        std::tuple<at::Tensor, at::Tensor> r = f();
        *second = new at::Tensor(std::move(std::get<1>(r)));
        return std::move(std::get<0>(r));
    });
}

// What a function returns that only acts: 1, or 0 when it failed.
template <class F> int32_t act(F&& f) noexcept {
    try {
        f();
        return 1;
    } catch (...) {
        record_error();
        return 0;
    }
}

// A C# scalar: kind is a ScalarType (4 integer, 7 float, 11 bool), or -1 for null.
struct Scalar {
    int64_t bits;
    int64_t kind;

    at::Scalar get() const {
        switch (kind) {
            case 4: return at::Scalar(bits);
            case 11: return at::Scalar(bits != 0);
            case 7: {
                double d;
                static_assert(sizeof d == sizeof bits, "");
                __builtin_memcpy(&d, &bits, sizeof d);
                return at::Scalar(d);
            }
            default: TORCH_CHECK(false, "a scalar is required here");
        }
    }
    optional<at::Scalar> maybe() const {
        if (kind < 0) return {};
        return get();
    }
};

// Where and as what a new tensor is made; dtype -1 leaves the element type to libtorch.
struct Options {
    int32_t dtype, device_type, device_index, requires_grad;

    at::TensorOptions get() const {
        at::TensorOptions o;
        if (dtype >= 0) o = o.dtype(static_cast<at::ScalarType>(dtype));
        if (device_type >= 0) o = o.device(at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index)));
        return o;
    }
    at::Tensor finish(at::Tensor t) const {
        if (requires_grad) t.set_requires_grad(true);
        return t;
    }
};

at::IntArrayRef ints(I64 p, int32_t n) { return at::IntArrayRef(p, static_cast<size_t>(n)); }
optional<at::Tensor> maybe(T t) { return t ? optional<at::Tensor>(*t) : optional<at::Tensor>(); }
optional<at::Generator> maybe(Gen g) { return g ? optional<at::Generator>(*g) : optional<at::Generator>(); }
optional<at::ScalarType> maybe_type(int32_t d) { return d < 0 ? optional<at::ScalarType>() : optional<at::ScalarType>(static_cast<at::ScalarType>(d)); }
optional<int64_t> maybe_dim(const int64_t* p) { return p ? optional<int64_t>(*p) : optional<int64_t>(); }
at::Device device(int32_t type, int32_t index) { return at::Device(static_cast<at::DeviceType>(type), static_cast<at::DeviceIndex>(index)); }

std::vector<at::Tensor> list(T const* p, int64_t n) {
    std::vector<at::Tensor> v;
    v.reserve(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) v.push_back(p[i] ? *p[i] : at::Tensor());
    return v;
}

} // namespace

API const char* ts_error() { return last_error.c_str(); }
API const char* ts_version() { return TORCH_VERSION; }
API void ts_free(T t) { delete t; }

// ---- what a tensor is ------------------------------------------------------------------------------------------------
API int64_t ts_dim(T t) { return t->dim(); }
API int64_t ts_numel(T t) { return t->numel(); }
API int64_t ts_element_size(T t) { return static_cast<int64_t>(t->element_size()); }
API int32_t ts_dtype(T t) { return static_cast<int32_t>(t->scalar_type()); }
API int32_t ts_device_type(T t) { return static_cast<int32_t>(t->device().type()); }
API int32_t ts_device_index(T t) { return static_cast<int32_t>(t->device().index()); }
API int32_t ts_requires_grad(T t) { return t->requires_grad(); }
API int32_t ts_is_leaf(T t) { return t->is_leaf(); }
API int32_t ts_is_contiguous(T t) { return t->is_contiguous(); }
API int32_t ts_is_pinned(T t) { int32_t r = 0; return act([&] { r = t->is_pinned(); }) ? r : -1; }
API int64_t ts_storage_offset(T t) { return t->storage_offset(); }
API void ts_sizes(T t, int64_t* out) { for (auto s : t->sizes()) *out++ = s; }
API void ts_strides(T t, int64_t* out) { for (auto s : t->strides()) *out++ = s; }
API int32_t ts_size(T t, int64_t dim, int64_t* out) { return act([&] { *out = t->size(dim); }); }
API int32_t ts_stride(T t, int64_t dim, int64_t* out) { return act([&] { *out = t->stride(dim); }); }
API void* ts_data(T t) { void* p = nullptr; act([&] { p = t->data_ptr(); }); return p; }
API int32_t ts_item(T t, double* d, int64_t* i, int32_t* kind) {
    return act([&] {
        at::Scalar s = t->item();
        *kind = s.isBoolean() ? 11 : s.isFloatingPoint() ? 7 : 4;
        if (*kind == 7) *d = s.toDouble(); else *i = s.isBoolean() ? s.toBool() : s.toLong();
    });
}

// ---- making tensors --------------------------------------------------------------------------------------------------
API T ts_zeros(I64 s, int32_t n, Options o) { return make([&] { return o.finish(at::zeros(ints(s, n), o.get())); }); }
API T ts_ones(I64 s, int32_t n, Options o) { return make([&] { return o.finish(at::ones(ints(s, n), o.get())); }); }
API T ts_empty(I64 s, int32_t n, Options o) { return make([&] { return o.finish(at::empty(ints(s, n), o.get())); }); }
API T ts_full(I64 s, int32_t n, Scalar v, Options o) { return make([&] { return o.finish(at::full(ints(s, n), v.get(), o.get())); }); }
API T ts_rand(I64 s, int32_t n, Gen g, Options o) { return make([&] { return o.finish(at::rand(ints(s, n), maybe(g), o.get())); }); }
API T ts_randn(I64 s, int32_t n, Gen g, Options o) { return make([&] { return o.finish(at::randn(ints(s, n), maybe(g), o.get())); }); }
API T ts_randint(int64_t lo, int64_t hi, I64 s, int32_t n, Gen g, Options o) { return make([&] { return o.finish(at::randint(lo, hi, ints(s, n), maybe(g), o.get())); }); }
API T ts_randperm(int64_t n, Gen g, Options o) { return make([&] { return o.finish(at::randperm(n, maybe(g), o.get())); }); }
API T ts_arange(Scalar a, Scalar b, Scalar step, Options o) { return make([&] { return o.finish(at::arange(a.get(), b.get(), step.get(), o.get())); }); }
API T ts_linspace(double a, double b, int64_t n, Options o) { return make([&] { return o.finish(at::linspace(a, b, n, o.get())); }); }
API T ts_eye(int64_t n, int64_t m, Options o) { return make([&] { return o.finish(at::eye(n, m, o.get())); }); }
API T ts_zeros_like(T t, Options o) { return make([&] { return o.finish(at::full_like(*t, 0, o.get())); }); }
API T ts_ones_like(T t, Options o) { return make([&] { return o.finish(at::full_like(*t, 1, o.get())); }); }
API T ts_empty_like(T t, Options o) { return make([&] { return o.finish(at::empty_like(*t, o.get())); }); }
API T ts_full_like(T t, Scalar v, Options o) { return make([&] { return o.finish(at::full_like(*t, v.get(), o.get())); }); }
API T ts_rand_like(T t, Options o) { return make([&] { return o.finish(at::rand_like(*t, o.get())); }); }
API T ts_randn_like(T t, Options o) { return make([&] { return o.finish(at::randn_like(*t, o.get())); }); }
// A copy of managed memory.
API T ts_copy_of(void* data, I64 s, int32_t n, int32_t dtype, Options o) {
    return make([&] {
        auto view = at::from_blob(data, ints(s, n), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        return o.finish(view.to(o.get(), false, true));
    });
}
// Managed memory itself, pinned by the caller; 'release' gets 'context' back when the last tensor over it is gone.
API T ts_over(void* data, I64 s, int32_t n, int32_t dtype, void (*release)(void*), void* context, Options o) {
    T t = make([&] {
        auto view = at::from_blob(data, ints(s, n), [release, context](void*) { release(context); }, at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        return o.finish(view.to(o.get()));
    });
    return t;
}

// ---- one tensor in, one out ------------------------------------------------------------------------------------------
#define UNARY(f) API T ts_##f(T t) { return make([&] { return t->f(); }); }
#define UNARY_(f) API int32_t ts_##f##_(T t) { return act([&] { t->f##_(); }); }
#define UNARY2(f) UNARY(f) UNARY_(f)
UNARY2(abs) UNARY2(neg) UNARY2(sign) UNARY2(reciprocal) UNARY2(exp) UNARY2(log) UNARY2(log1p) UNARY2(sqrt) UNARY2(rsqrt) UNARY2(sigmoid) UNARY2(tanh) UNARY2(relu)
UNARY2(logical_not) UNARY(square) UNARY(isfinite) UNARY(isnan) UNARY(nonzero) UNARY(t) UNARY2(detach) UNARY(clone) UNARY(contiguous)
UNARY(mean) UNARY(max) UNARY(min) UNARY(all) UNARY(any) UNARY_(zero) UNARY(cpu) UNARY(cuda) UNARY2(squeeze) UNARY(alias)
UNARY2(floor) UNARY2(ceil)

#define ACTIVATION(f) \
    API T ts_##f(T t) { return make([&] { return at::f(*t); }); } \
    API int32_t ts_##f##_(T t) { return act([&] { at::f##_(*t); }); }
ACTIVATION(silu) ACTIVATION(hardswish) ACTIVATION(hardsigmoid) ACTIVATION(relu6)
API T ts_gelu(T t, int32_t tanh) { return make([&] { return at::gelu(*t, tanh ? "tanh" : "none"); }); }
API T ts_hardtanh(T t, Scalar lo, Scalar hi) { return make([&] { return at::hardtanh(*t, lo.get(), hi.get()); }); }
API int32_t ts_hardtanh_(T t, Scalar lo, Scalar hi) { return act([&] { at::hardtanh_(*t, lo.get(), hi.get()); }); }
API T ts_leaky_relu(T t, Scalar slope) { return make([&] { return at::leaky_relu(*t, slope.get()); }); }
API int32_t ts_leaky_relu_(T t, Scalar slope) { return act([&] { at::leaky_relu_(*t, slope.get()); }); }
API T ts_softplus(T t, Scalar beta, Scalar threshold) { return make([&] { return at::softplus(*t, beta.get(), threshold.get()); }); }

// ---- two tensors, or a tensor and a scalar ---------------------------------------------------------------------------
#define BINARY(f) API T ts_##f(T a, T b) { return make([&] { return a->f(*b); }); }
#define BINARY_(f) API int32_t ts_##f##_(T a, T b) { return act([&] { a->f##_(*b); }); }
#define WITH_SCALAR(f) API T ts_##f##_scalar(T a, Scalar b) { return make([&] { return a->f(b.get()); }); }
#define WITH_SCALAR_(f) API int32_t ts_##f##_scalar_(T a, Scalar b) { return act([&] { a->f##_(b.get()); }); }
#define ALL4(f) BINARY(f) BINARY_(f) WITH_SCALAR(f) WITH_SCALAR_(f)
ALL4(mul) ALL4(pow) ALL4(remainder) ALL4(eq) ALL4(ne) ALL4(lt) ALL4(le) ALL4(gt) ALL4(ge)
BINARY(logical_and) BINARY_(logical_and) BINARY(logical_or) BINARY_(logical_or) BINARY(maximum) BINARY(minimum)
BINARY(matmul) BINARY(mm) BINARY(bmm) BINARY(expand_as) BINARY(view_as) BINARY(masked_select)
WITH_SCALAR(clamp_min) WITH_SCALAR_(clamp_min) WITH_SCALAR(clamp_max) WITH_SCALAR_(clamp_max) 
API int32_t ts_fill_scalar_(T a, Scalar b) { return act([&] { a->fill_(b.get()); }); }

API T ts_add(T a, T b, Scalar alpha) { return make([&] { return a->add(*b, alpha.get()); }); }
API int32_t ts_add_(T a, T b, Scalar alpha) { return act([&] { a->add_(*b, alpha.get()); }); }
API T ts_add_scalar(T a, Scalar b, Scalar alpha) { return make([&] { return a->add(b.get(), alpha.get()); }); }
API int32_t ts_add_scalar_(T a, Scalar b, Scalar alpha) { return act([&] { a->add_(b.get(), alpha.get()); }); }
API T ts_sub(T a, T b) { return make([&] { return a->sub(*b); }); }
API int32_t ts_sub_(T a, T b) { return act([&] { a->sub_(*b); }); }
API T ts_sub_scalar(T a, Scalar b) { return make([&] { return a->sub(b.get()); }); }
API int32_t ts_sub_scalar_(T a, Scalar b) { return act([&] { a->sub_(b.get()); }); }
// rounding: 0 none, 1 trunc, 2 floor
API T ts_div(T a, T b, int32_t r) { return make([&] { return r == 0 ? a->div(*b) : r == 1 ? a->div(*b, "trunc") : a->div(*b, "floor"); }); }
API int32_t ts_div_(T a, T b, int32_t r) { return act([&] { r == 0 ? a->div_(*b) : r == 1 ? a->div_(*b, "trunc") : a->div_(*b, "floor"); }); }
API T ts_div_scalar(T a, Scalar b, int32_t r) {
    return make([&] { return r == 0 ? a->div(b.get()) : r == 1 ? a->div(b.get(), "trunc") : a->div(b.get(), "floor"); });
}
API int32_t ts_div_scalar_(T a, Scalar b, int32_t r) {
    return act([&] { r == 0 ? a->div_(b.get()) : r == 1 ? a->div_(b.get(), "trunc") : a->div_(b.get(), "floor"); });
}
API T ts_clamp(T a, Scalar lo, Scalar hi) { return make([&] { return a->clamp(lo.maybe(), hi.maybe()); }); }
API int32_t ts_clamp_(T a, Scalar lo, Scalar hi) { return act([&] { a->clamp_(lo.maybe(), hi.maybe()); }); }
API T ts_clamp_tensor(T a, T lo, T hi) { return make([&] { return a->clamp(maybe(lo), maybe(hi)); }); }
API int32_t ts_clamp_tensor_(T a, T lo, T hi) { return act([&] { a->clamp_(maybe(lo), maybe(hi)); }); }
API T ts_lerp(T a, T b, T w) { return make([&] { return a->lerp(*b, *w); }); }
API int32_t ts_lerp_(T a, T b, T w) { return act([&] { a->lerp_(*b, *w); }); }
API T ts_addcmul(T a, T b, T c, Scalar v) { return make([&] { return a->addcmul(*b, *c, v.get()); }); }
API int32_t ts_addcmul_(T a, T b, T c, Scalar v) { return act([&] { a->addcmul_(*b, *c, v.get()); }); }
API T ts_addcdiv(T a, T b, T c, Scalar v) { return make([&] { return a->addcdiv(*b, *c, v.get()); }); }
API int32_t ts_addcdiv_(T a, T b, T c, Scalar v) { return act([&] { a->addcdiv_(*b, *c, v.get()); }); }
API T ts_addmm(T a, T b, T c, float beta, float alpha) { return make([&] { return a->addmm(*b, *c, beta, alpha); }); }
API int32_t ts_addmm_(T a, T b, T c, float beta, float alpha) { return act([&] { a->addmm_(*b, *c, beta, alpha); }); }
API T ts_where(T c, T a, T b) { return make([&] { return at::where(*c, *a, *b); }); }
API int32_t ts_equal(T a, T b) { int32_t r = 0; return act([&] { r = a->equal(*b); }) ? r : -1; }
API int32_t ts_allclose(T a, T b, double rtol, double atol, int32_t equal_nan) { int32_t r = 0; return act([&] { r = a->allclose(*b, rtol, atol, equal_nan); }) ? r : -1; }

// ---- reductions ------------------------------------------------------------------------------------------------------
API T ts_sum(T t, int32_t type) { return make([&] { return t->sum(maybe_type(type)); }); }
API T ts_sum_dims(T t, I64 d, int32_t n, int32_t keep, int32_t type) { return make([&] { return t->sum(ints(d, n), keep, maybe_type(type)); }); }
API T ts_mean_dims(T t, I64 d, int32_t n, int32_t keep, int32_t type) { return make([&] { return t->mean(ints(d, n), keep, maybe_type(type)); }); }
API T ts_std(T t, int32_t unbiased) { return make([&] { return t->std(static_cast<bool>(unbiased)); }); }
API T ts_var(T t, int32_t unbiased) { return make([&] { return t->var(static_cast<bool>(unbiased)); }); }
API T ts_std_dims(T t, I64 d, int32_t n, int32_t unbiased, int32_t keep) { return make([&] { return t->std(ints(d, n), static_cast<bool>(unbiased), keep); }); }
API T ts_var_dims(T t, I64 d, int32_t n, int32_t unbiased, int32_t keep) { return make([&] { return t->var(ints(d, n), static_cast<bool>(unbiased), keep); }); }
API T ts_prod(T t, int32_t type) { return make([&] { return t->prod(maybe_type(type)); }); }
API T ts_prod_dim(T t, int64_t d, int32_t keep, int32_t type) { return make([&] { return t->prod(d, keep, maybe_type(type)); }); }
API T ts_max_dim(T t, int64_t d, int32_t keep, T* at_) { return make2(at_, [&] { return t->max(d, keep); }); }
API T ts_min_dim(T t, int64_t d, int32_t keep, T* at_) { return make2(at_, [&] { return t->min(d, keep); }); }
API T ts_argmax(T t, const int64_t* d, int32_t keep) { return make([&] { return t->argmax(maybe_dim(d), keep); }); }
API T ts_argmin(T t, const int64_t* d, int32_t keep) { return make([&] { return t->argmin(maybe_dim(d), keep); }); }
API T ts_all_dim(T t, int64_t d, int32_t keep) { return make([&] { return t->all(d, keep); }); }
API T ts_any_dim(T t, int64_t d, int32_t keep) { return make([&] { return t->any(d, keep); }); }
API T ts_norm(T t, float p) { return make([&] { return t->norm(p); }); }
API T ts_norm_dim(T t, int64_t d, int32_t keep, float p) { return make([&] { return t->norm(optional<at::Scalar>(p), at::IntArrayRef(d), keep); }); }
API T ts_cumsum(T t, int64_t d, int32_t type) { return make([&] { return t->cumsum(d, maybe_type(type)); }); }
API T ts_cumprod(T t, int64_t d, int32_t type) { return make([&] { return t->cumprod(d, maybe_type(type)); }); }
API T ts_softmax(T t, int64_t d, int32_t type) { return make([&] { return t->softmax(d, maybe_type(type)); }); }
API T ts_log_softmax(T t, int64_t d, int32_t type) { return make([&] { return t->log_softmax(d, maybe_type(type)); }); }
API T ts_argsort_dim(T t, int64_t d, int32_t descending) { return make([&] { return t->argsort(d, static_cast<bool>(descending)); }); }
API T ts_sort(T t, int64_t d, int32_t descending, int32_t stable, T* at_) { return make2(at_, [&] { return t->sort(optional<bool>(stable), d, descending); }); }
API T ts_topk(T t, int64_t k, int64_t d, int32_t largest, int32_t sorted, T* at_) { return make2(at_, [&] { return t->topk(k, d, largest, sorted); }); }

// ---- shape and place -------------------------------------------------------------------------------------------------
API T ts_reshape(T t, I64 s, int32_t n) { return make([&] { return t->reshape(ints(s, n)); }); }
API T ts_view(T t, I64 s, int32_t n) { return make([&] { return t->view(ints(s, n)); }); }
API T ts_permute(T t, I64 d, int32_t n) { return make([&] { return t->permute(ints(d, n)); }); }
API T ts_expand(T t, I64 s, int32_t n, int32_t implicit) { return make([&] { return t->expand(ints(s, n), implicit); }); }
API T ts_repeat(T t, I64 s, int32_t n) { return make([&] { return t->repeat(ints(s, n)); }); }
API T ts_flip(T t, I64 d, int32_t n) { return make([&] { return t->flip(ints(d, n)); }); }
API T ts_roll(T t, I64 s, int32_t n, I64 d, int32_t m) { return make([&] { return t->roll(ints(s, n), ints(d, m)); }); }
API T ts_transpose(T t, int64_t a, int64_t b) { return make([&] { return t->transpose(a, b); }); }
API int32_t ts_transpose_(T t, int64_t a, int64_t b) { return act([&] { t->transpose_(a, b); }); }
API T ts_flatten(T t, int64_t a, int64_t b) { return make([&] { return t->flatten(a, b); }); }
API T ts_unsqueeze(T t, int64_t d) { return make([&] { return t->unsqueeze(d); }); }
API int32_t ts_unsqueeze_(T t, int64_t d) { return act([&] { t->unsqueeze_(d); }); }
API T ts_squeeze_dim(T t, int64_t d) { return make([&] { return t->squeeze(d); }); }
API int32_t ts_squeeze_dim_(T t, int64_t d) { return act([&] { t->squeeze_(d); }); }
API T ts_repeat_interleave(T t, int64_t r, const int64_t* d, const int64_t* size) { return make([&] { return t->repeat_interleave(r, maybe_dim(d), maybe_dim(size)); }); }
API T ts_repeat_interleave_tensor(T t, T r, const int64_t* d, const int64_t* size) { return make([&] { return t->repeat_interleave(*r, maybe_dim(d), maybe_dim(size)); }); }
API T ts_narrow(T t, int64_t d, int64_t start, int64_t length) { return make([&] { return t->narrow(d, start, length); }); }
API T ts_select(T t, int64_t d, int64_t i) { return make([&] { return t->select(d, i); }); }
API T ts_slice(T t, int64_t d, int64_t a, int64_t b, int64_t step) { return make([&] { return t->slice(d, a, b, step); }); }
API T ts_cat(T const* p, int32_t n, int64_t d) { return make([&] { return at::cat(list(p, n), d); }); }
API T ts_stack(T const* p, int32_t n, int64_t d) { return make([&] { return at::stack(list(p, n), d); }); }
API T ts_to_type(T t, int32_t type, int32_t copy, int32_t async) { return make([&] { return t->to(static_cast<at::ScalarType>(type), static_cast<bool>(async), static_cast<bool>(copy)); }); }
API T ts_to_device(T t, int32_t dt, int32_t di, int32_t copy, int32_t async) { return make([&] { return t->to(device(dt, di), t->scalar_type(), static_cast<bool>(async), static_cast<bool>(copy)); }); }
API T ts_to(T t, int32_t type, int32_t dt, int32_t di, int32_t copy, int32_t async) { return make([&] { return t->to(device(dt, di), static_cast<at::ScalarType>(type), static_cast<bool>(async), static_cast<bool>(copy)); }); }
API T ts_pin_memory(T t) { return make([&] { return t->pin_memory(); }); }
API int32_t ts_set_(T t, T source) { return act([&] { t->set_(*source); }); }
API int32_t ts_copy_(T t, T source, int32_t async) { return act([&] { t->copy_(*source, async); }); }

// ---- indexing --------------------------------------------------------------------------------------------------------
API T ts_index_select(T t, int64_t d, T index) { return make([&] { return t->index_select(d, *index); }); }
API T ts_gather(T t, int64_t d, T index) { return make([&] { return t->gather(d, *index); }); }
API T ts_scatter(T t, int64_t d, T index, T src) { return make([&] { return t->scatter(d, *index, *src); }); }
API int32_t ts_scatter_(T t, int64_t d, T index, T src) { return act([&] { t->scatter_(d, *index, *src); }); }
API T ts_scatter_add(T t, int64_t d, T index, T src) { return make([&] { return t->scatter_add(d, *index, *src); }); }
API int32_t ts_scatter_add_(T t, int64_t d, T index, T src) { return act([&] { t->scatter_add_(d, *index, *src); }); }
API T ts_index_add(T t, int64_t d, T index, T src, Scalar a) { return make([&] { return t->index_add(d, *index, *src, a.get()); }); }
API int32_t ts_index_add_(T t, int64_t d, T index, T src, Scalar a) { return act([&] { t->index_add_(d, *index, *src, a.get()); }); }
API T ts_index_copy(T t, int64_t d, T index, T src) { return make([&] { return t->index_copy(d, *index, *src); }); }
API int32_t ts_index_copy_(T t, int64_t d, T index, T src) { return act([&] { t->index_copy_(d, *index, *src); }); }
API T ts_masked_fill(T t, T mask, Scalar v) { return make([&] { return t->masked_fill(*mask, v.get()); }); }
API int32_t ts_masked_fill_(T t, T mask, Scalar v) { return act([&] { t->masked_fill_(*mask, v.get()); }); }

// ---- random numbers --------------------------------------------------------------------------------------------------
API T ts_bernoulli(T t, Gen g) { return make([&] { return t->bernoulli(maybe(g)); }); }
API int32_t ts_bernoulli_(T t, double p, Gen g) { return act([&] { t->bernoulli_(p, maybe(g)); }); }
API int32_t ts_bernoulli_tensor_(T t, T p, Gen g) { return act([&] { t->bernoulli_(*p, maybe(g)); }); }
API T ts_multinomial(T t, int64_t n, int32_t replacement, Gen g) { return make([&] { return t->multinomial(n, replacement, maybe(g)); }); }
API int32_t ts_normal_(T t, double mean, double std, Gen g) { return act([&] { t->normal_(mean, std, maybe(g)); }); }
API int32_t ts_uniform_(T t, double from, double to, Gen g) { return act([&] { t->uniform_(from, to, maybe(g)); }); }
API Gen ts_generator(uint64_t seed) { return new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed)); }
API Gen ts_generator_default() { return new at::Generator(at::globalContext().defaultGenerator(at::DeviceType::CPU)); }
API void ts_generator_free(Gen g) { delete g; }
API T ts_generator_state(Gen g) { return make([&] { return g->get_state(); }); }
API int32_t ts_generator_set_state(Gen g, T state) { return act([&] { g->set_state(*state); }); }
API int64_t ts_generator_initial_seed(Gen g) { return static_cast<int64_t>(g->current_seed()); }
API int32_t ts_generator_manual_seed(Gen g, int64_t seed) { return act([&] { g->set_current_seed(static_cast<uint64_t>(seed)); }); }
// Seeds one generator: the CPU's, or a GPU's.
API int32_t ts_manual_seed(int64_t seed, int32_t device_type, int32_t device_index) {
    return act([&] {
        auto g = at::globalContext().defaultGenerator(device(device_type, device_index));
        g.set_current_seed(static_cast<uint64_t>(seed));
    });
}

// ---- layers ----------------------------------------------------------------------------------------------------------
API T ts_conv2d(T x, T w, T b, I64 stride, int32_t ns, I64 pad, int32_t np, I64 dilation, int32_t nd, int64_t groups) {
    return make([&] { return at::conv2d(*x, *w, maybe(b), ints(stride, ns), ints(pad, np), ints(dilation, nd), groups); });
}
API T ts_conv2d_padding(T x, T w, T b, I64 stride, int32_t ns, int32_t same, I64 dilation, int32_t nd, int64_t groups) {
    return make([&] { return at::conv2d(*x, *w, maybe(b), ints(stride, ns), same ? "same" : "valid", ints(dilation, nd), groups); });
}
API T ts_batch_norm(T x, T mean, T var, T w, T b, int32_t training, double momentum, double eps) {
    return make([&] { return at::batch_norm(*x, maybe(w), maybe(b), maybe(mean), maybe(var), training, momentum, eps, false); });
}
API T ts_linear(T x, T w, T b) { return make([&] { return at::linear(*x, *w, maybe(b)); }); }
API T ts_max_pool2d(T x, I64 k, int32_t nk, I64 s, int32_t ns, I64 p, int32_t np, I64 d, int32_t nd, int32_t ceil) {
    return make([&] { return at::max_pool2d(*x, ints(k, nk), ints(s, ns), ints(p, np), ints(d, nd), ceil); });
}
API T ts_avg_pool2d(T x, I64 k, int32_t nk, I64 s, int32_t ns, I64 p, int32_t np, int32_t ceil, int32_t count_pad, const int64_t* divisor) {
    return make([&] { return at::avg_pool2d(*x, ints(k, nk), ints(s, ns), ints(p, np), ceil, count_pad, maybe_dim(divisor)); });
}
API T ts_adaptive_avg_pool2d(T x, I64 s, int32_t n) { return make([&] { return at::adaptive_avg_pool2d(*x, ints(s, n)); }); }
API T ts_dropout(T x, double p, int32_t training, int32_t inplace) { return make([&] { return inplace ? at::dropout_(*x, p, training) : at::dropout(*x, p, training); }); }
API T ts_pad(T x, I64 p, int32_t n, int32_t mode, double value) {
    static const char* const modes[] = {"constant", "reflect", "replicate", "circular", "constant"};
    return make([&] {
        TORCH_CHECK(mode >= 0 && mode < 5, "unknown padding mode");
        return mode == 0 || mode == 4 ? at::pad(*x, ints(p, n), modes[mode], value) : at::pad(*x, ints(p, n), modes[mode]);
    });
}
API T ts_one_hot(T x, int64_t classes) { return make([&] { return at::one_hot(*x, classes); }); }
API T ts_cross_entropy(T x, T target, T w, int64_t ignore, int64_t reduction, double smoothing) {
    return make([&] { return at::cross_entropy_loss(*x, *target, maybe(w), reduction, ignore, smoothing); });
}
API T ts_nll_loss(T x, T target, T w, int64_t reduction) { return make([&] { return at::nll_loss_nd(*x, *target, maybe(w), reduction, -100); }); }
API T ts_kl_div(T x, T target, int32_t log_target, int64_t reduction) { return make([&] { return at::kl_div(*x, *target, reduction, log_target); }); }
API T ts_mse_loss(T x, T target, int64_t reduction) { return make([&] { return at::mse_loss(*x, *target, reduction); }); }
// mode: 0 nearest, 2 bilinear, 3 bicubic, on [N,C,H,W]; the factors are 0 when the size was given instead
API T ts_interpolate2d(T x, I64 size, int32_t mode, int32_t align, double fh, double fw) {
    return make([&]() -> at::Tensor {
        optional<double> h = fh > 0 ? optional<double>(fh) : optional<double>(), w = fw > 0 ? optional<double>(fw) : optional<double>();
        switch (mode) {
            case 0: return at::upsample_nearest2d(*x, ints(size, 2), h, w);
            case 2: return at::upsample_bilinear2d(*x, ints(size, 2), align, h, w);
            case 3: return at::upsample_bicubic2d(*x, ints(size, 2), align, h, w);
            default: TORCH_CHECK(false, "this interpolation mode is not supported");
        }
    });
}

// ---- gradients -------------------------------------------------------------------------------------------------------
API int32_t ts_set_requires_grad(T t, int32_t on) { return act([&] { t->set_requires_grad(on); }); }
API int32_t ts_retain_grad(T t) { return act([&] { t->retain_grad(); }); }
API int32_t ts_grad(T t, T* out) {
    return act([&] {
        const at::Tensor& g = t->grad();
        *out = g.defined() ? new at::Tensor(g) : nullptr;
    });
}
API int32_t ts_set_grad(T t, T g) {
    return act([&] {
        if (g) t->mutable_grad() = *g; else t->mutable_grad().reset();
    });
}
API int32_t ts_backward(T const* t, int64_t n, T const* g, int64_t ng, int32_t retain, int32_t create, T const* in, int64_t ni) {
    return act([&] { torch::autograd::backward(list(t, n), list(g, ng), static_cast<bool>(retain), create, list(in, ni)); });
}
API int32_t ts_autograd(T const* t, int64_t n, T const* in, int64_t ni, T const* g, int64_t ng, int32_t retain, int32_t create, int32_t unused, T* out) {
    return act([&] {
        auto r = torch::autograd::grad(list(t, n), list(in, ni), list(g, ng), static_cast<bool>(retain), create, unused);
        for (auto& x : r) *out++ = x.defined() ? new at::Tensor(std::move(x)) : nullptr;
    });
}
API int32_t ts_grad_enabled() { return at::GradMode::is_enabled(); }
API void ts_set_grad_enabled(int32_t on) { at::GradMode::set_enabled(on); }
API void* ts_inference_begin(int32_t on) { return new c10::InferenceMode(on); }
API void ts_inference_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
API int32_t ts_inference_enabled() { return c10::InferenceMode::is_enabled(); }
API int32_t ts_clip_grad_norm_(T const* p, int32_t n, double max_norm, double norm_type, double* total) {
    return act([&] {
        std::vector<at::Tensor> norms, grads;
        for (int32_t i = 0; i < n; ++i) {
            auto g = p[i]->grad();
            if (!g.defined()) continue;
            grads.push_back(g);
            norms.push_back(g.detach().norm(norm_type));
        }
        *total = 0;
        if (grads.empty()) return;
        *total = (norms.size() == 1 ? norms[0] : at::stack(norms).norm(norm_type)).item().toDouble();
        const double factor = max_norm / (*total + 1e-6);
        if (factor < 1) for (auto& g : grads) g.detach().mul_(factor);
    });
}

// ---- functions with gradients of their own ---------------------------------------------------------------------------
namespace {
using Variables = torch::autograd::variable_list;

// The managed half of a call: the backward function, and a handle that goes back when the graph is gone.
using Backward = int32_t (*)(void* context, T const* grads, int32_t n, T const* saved, int32_t m, T* results, int32_t k);
struct Context : torch::CustomClassHolder {
    void* handle;
    Backward backward;
    void (*release)(void*);
    Context(void* h, Backward b, void (*r)(void*)) : handle(h), backward(b), release(r) {}
    ~Context() override { release(handle); }
};

// What forward has done already, in C#.
struct Forward {
    c10::intrusive_ptr<Context> context;
    Variables outputs, saved, dirty, constant;
    bool materialize;
};

struct Managed : torch::autograd::Function<Managed> {
    static Variables forward(torch::autograd::AutogradContext* ctx, at::TensorList inputs, Forward* done) {
        ctx->save_for_backward(std::move(done->saved));
        ctx->mark_dirty(done->dirty);
        ctx->mark_non_differentiable(done->constant);
        ctx->set_materialize_grads(done->materialize);
        ctx->saved_data["context"] = c10::IValue::make_capsule(done->context);
        ctx->saved_data["inputs"] = static_cast<int64_t>(inputs.size());
        return std::move(done->outputs);
    }

    static Variables backward(torch::autograd::AutogradContext* ctx, Variables grads) {
        auto context = c10::static_intrusive_pointer_cast<Context>(ctx->saved_data["context"].toCapsule());
        const auto inputs = static_cast<size_t>(ctx->saved_data["inputs"].toInt());
        auto saved = ctx->get_saved_variables();
        const auto given = [](Variables& v) {
            std::vector<T> p;
            for (auto& t : v) p.push_back(t.defined() ? new at::Tensor(t) : nullptr);
            return p;
        };
        auto g = given(grads), s = given(saved);
        std::vector<T> r(inputs, nullptr);
        const auto ok = context->backward(
            context->handle, g.data(), static_cast<int32_t>(g.size()), s.data(), static_cast<int32_t>(s.size()), r.data(), static_cast<int32_t>(inputs));
        Variables results(inputs + 1); // the last stands for 'done'
        for (size_t i = 0; i < inputs; ++i) {
            if (r[i]) results[i] = std::move(*r[i]);
            delete r[i];
        }
        TORCH_CHECK(ok, last_error);
        return results;
    }
};
} // namespace
// 'results' takes as many tensors as there are outputs.
API int32_t ts_function(
    T const* in, int32_t ni, T const* out, int32_t no, T const* saved, int32_t ns, T const* dirty, int32_t nd, T const* constant, int32_t nc,
    int32_t materialize, void* handle, Backward backward, void (*release)(void*), T* results) {
    auto context = c10::make_intrusive<Context>(handle, backward, release);
    return act([&] {
        Forward done{context, list(out, no), list(saved, ns), list(dirty, nd), list(constant, nc), materialize != 0};
        const Variables inputs = list(in, ni);
        for (auto& t : Managed::apply(at::TensorList(inputs), &done)) *results++ = t.defined() ? new at::Tensor(t) : nullptr;
    });
}
API T ts_share(T t) { return make([&] { return *t; }); }
API void ts_set_error(const char* text) { last_error = text; }

// ---- the machine -----------------------------------------------------------------------------------------------------
namespace {
const at::DeviceType cuda = at::DeviceType::CUDA;
}
API int32_t ts_cuda_count() {
    int32_t n = 0;
    act([&] { if (c10::impl::hasDeviceGuardImpl(cuda)) n = c10::impl::VirtualGuardImpl(cuda).deviceCount(); });
    return n;
}
API int32_t ts_cuda_synchronize(int32_t index) {
    return act([&] {
        TORCH_CHECK(ts_cuda_count() > 0, "No CUDA GPUs are available");
        c10::impl::VirtualGuardImpl impl(cuda);
        const auto dev = index < 0 ? impl.getDevice() : device(static_cast<int32_t>(cuda), index);
        impl.getDefaultStream(dev).synchronize(); // there is no way here to use any other
        impl.getStream(dev).synchronize();
    });
}
API int32_t ts_get_num_threads() { return at::get_num_threads(); }
API int32_t ts_set_num_threads(int32_t n) { return act([&] { at::set_num_threads(n); }); }
API int32_t ts_get_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }
API int32_t ts_set_num_interop_threads(int32_t n) { return act([&] { at::set_num_interop_threads(n); }); }
API int32_t ts_get_tf32(int32_t cudnn) {
    int32_t r = 0;
    return act([&] { r = cudnn ? at::globalContext().allowTF32CuDNN() : at::globalContext().allowTF32CuBLAS(); }) ? r : -1;
}
API int32_t ts_set_tf32(int32_t cudnn, int32_t on) {
    return act([&] { if (cudnn) at::globalContext().setAllowTF32CuDNN(on); else at::globalContext().setAllowTF32CuBLAS(on); });
}
