// The two networks with shared weights, run at any widths as SlimmableNetwork runs them.
#pragma once

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

using torch::Tensor;
using Widths = std::vector<int64_t>;

constexpr int64_t Image = 64, Batch = 32, Classes = 100, Alignment = 16, Fixed = -1;
constexpr auto ChannelsLast = torch::MemoryFormat::ChannelsLast;

// A convolution and its batch norm, which read and write channel groups; the image is Fixed.
struct Conv {
    Tensor weight, scale, shift;
    int64_t in, out, kernel, stride;
    bool depthwise;
};

// Shared weights, channel groups, and the FLOPs as a quadratic form over the groups' widths, in millions.
struct Network {
    Widths groups, gateOffsets;
    std::vector<Tensor> weights;
    std::vector<std::vector<double>> quadratic;
    std::vector<double> linear;
    Tensor classifier, bias;
    int64_t last = 0;

    int64_t group(int64_t channels) {
        gateOffsets.push_back(groups.empty() ? 0 : gateOffsets.back() + groups.back());
        groups.push_back(channels);
        linear.push_back(0);
        for (auto& row : quadratic)
            row.push_back(0);
        quadratic.emplace_back(groups.size(), 0);
        return static_cast<int64_t>(groups.size()) - 1;
    }

    Tensor weight(Tensor value) {
        value.requires_grad_().mutable_grad() = torch::zeros_like(value);
        weights.push_back(value);
        return value;
    }

    // size: height and width of what it reads; afterwards of what it writes.
    Conv conv(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t& size, bool depthwise = false) {
        size = (size + 2 * (kernel / 2) - kernel) / stride + 1;
        const auto area = kernel * kernel, inputs = depthwise ? 1 : in == Fixed ? 3 : groups[in];
        const auto cost = 1e-6 * size * size * area;
        if (in == Fixed || depthwise)
            linear[out] += cost * inputs;
        else
            quadratic[in][out] += cost;
        const auto deviation = std::sqrt(2.0 / (area * (depthwise ? 1 : groups[out])));
        const auto filters = torch::randn({groups[out], inputs, kernel, kernel}).mul_(deviation).contiguous(ChannelsLast);
        return {weight(filters), weight(torch::ones(groups[out])), weight(torch::zeros(groups[out])), in, out, kernel, stride, depthwise};
    }

    void classify(int64_t in) {
        last = in;
        linear[in] += 1e-6 * Classes;
        classifier = weight(torch::randn({Classes, groups[in]}).mul_(0.01));
        bias = weight(torch::zeros(Classes));
    }
};

// One run: the widths (none: the widest network, with the weights themselves) and the gates (none in stage 1).
struct Pass {
    struct Leaf {
        Tensor weight, part;
        Widths kept;
    };

    const Network& net;
    const Widths* widths = nullptr;
    Tensor gates;
    bool dropout = true;
    std::vector<Leaf> leaves;

    // The kept channels of a weight as a leaf of its own, padded with zeros up to whole vector registers.
    Tensor take(const Tensor& weight, int64_t out, int64_t in = Fixed) {
        if (!widths)
            return weight;
        auto part = weight.detach();
        Widths zeros(2 * part.dim());
        const auto cut = [&](int64_t dimension, int64_t group) {
            if (group == Fixed)
                return;
            const auto kept = (*widths)[group];
            part = part.narrow(dimension, 0, kept);
            zeros[2 * (part.dim() - 1 - dimension) + 1] = (kept + Alignment - 1) / Alignment * Alignment - kept;
        };
        cut(0, out);
        cut(1, in);
        auto kept = part.sizes().vec();
        if (std::any_of(zeros.begin(), zeros.end(), [](int64_t z) { return z != 0; }))
            part = torch::constant_pad_nd(part, zeros);
        else if (part.sizes() == weight.sizes())
            return weight;
        else if (part.dim() == 4)
            part = part.contiguous(ChannelsLast);
        leaves.push_back({weight, part.requires_grad_(), std::move(kept)});
        return part;
    }

    Tensor normalized(const Tensor& x, const Conv& c) {
        const auto w = take(c.weight, c.out, c.depthwise ? Fixed : c.in);
        const auto y = torch::conv2d(x, w, {}, c.stride, c.kernel / 2, 1, c.depthwise ? w.size(0) : 1);
        auto scale = take(c.scale, c.out), shift = take(c.shift, c.out);
        if (gates.defined()) {
            const auto kept = gates.narrow(0, net.gateOffsets[c.out], net.groups[c.out]);
            scale = scale.mul(kept);
            shift = shift.mul(kept);
        }
        return torch::batch_norm(y, scale, shift, {}, {}, true, 0.1, 1e-5, false);
    }

    Tensor scores(const Tensor& x) { return torch::linear(x.flatten(1), take(net.classifier, Fixed, net.last), net.bias); }

    // Adds the leaves' gradients to those of the weights they are parts of.
    void collect() {
        const torch::NoGradGuard noGradient;
        for (const auto& leaf : leaves) {
            auto target = leaf.weight.grad(), part = leaf.part.grad();
            for (size_t d = 0; d < leaf.kept.size(); d++) {
                if (target.size(d) != leaf.kept[d])
                    target = target.narrow(d, 0, leaf.kept[d]);
                if (part.size(d) != leaf.kept[d])
                    part = part.narrow(d, 0, leaf.kept[d]);
            }
            target.add_(part);
        }
    }
};

using Forward = std::function<Tensor(Pass&, const Tensor&)>;

inline Forward resnet18(Network& net) {
    struct Block {
        Conv first, second;
        std::vector<Conv> shortcut;
    };
    auto size = Image;
    const auto stem = net.conv(Fixed, net.group(64), 7, 2, size);
    size = (size - 1) / 2 + 1;
    std::vector<Block> blocks;
    auto in = stem.out;
    for (int64_t stage = 0; stage < 4; stage++)
        for (int64_t b = 0; b < 2; b++) {
            const int64_t stride = b == 0 && stage > 0 ? 2 : 1;
            const auto middle = net.group(64 << stage), out = stride == 1 ? in : net.group(64 << stage);
            auto shortcutSize = size;
            const auto first = net.conv(in, middle, 3, stride, size), second = net.conv(middle, out, 3, 1, size);
            blocks.push_back({first, second, {}});
            if (stride != 1)
                blocks.back().shortcut.push_back(net.conv(in, out, 1, stride, shortcutSize));
            in = out;
        }
    net.classify(in);
    return [=](Pass& pass, const Tensor& images) {
        auto x = torch::max_pool2d(pass.normalized(images, stem).relu_(), 3, 2, 1);
        for (const auto& b : blocks) {
            auto y = pass.normalized(pass.normalized(x, b.first).relu_(), b.second);
            x = y.add_(b.shortcut.empty() ? x : pass.normalized(x, b.shortcut[0])).relu_();
        }
        return pass.scores(x.mean({2, 3}, true));
    };
}

inline Forward mobilenetv2(Network& net) {
    struct Block {
        std::vector<Conv> expansion;
        Conv depthwise, projection;
        bool residual;
    };
    const auto multipleOf8 = [](double channels) {
        const auto rounded = std::max<int64_t>(8, static_cast<int64_t>(channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    };
    constexpr double width = 1.5;
    auto size = Image;
    const auto stem = net.conv(Fixed, net.group(multipleOf8(32 * width)), 3, 2, size);
    std::vector<Block> blocks;
    auto in = stem.out;
    for (const auto& [expand, channels, count, first] : std::vector<std::array<int64_t, 4>>{
             {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}})
        for (int64_t b = 0; b < count; b++) {
            const auto outChannels = multipleOf8(channels * width), stride = b == 0 ? first : 1;
            const auto residual = stride == 1 && net.groups[in] == outChannels;
            const auto middle = expand == 1 ? in : net.group(net.groups[in] * expand), out = residual ? in : net.group(outChannels);
            std::vector<Conv> expansion;
            if (expand != 1)
                expansion.push_back(net.conv(in, middle, 1, 1, size));
            const auto depthwise = net.conv(middle, middle, 3, stride, size, true), projection = net.conv(middle, out, 1, 1, size);
            blocks.push_back({expansion, depthwise, projection, residual});
            in = out;
        }
    const auto head = net.conv(in, net.group(multipleOf8(1280 * width)), 1, 1, size);
    net.classify(head.out);
    return [=](Pass& pass, const Tensor& images) {
        const auto relu6 = [](Tensor x) { return torch::hardtanh_(x, 0, 6); };
        auto x = relu6(pass.normalized(images, stem));
        for (const auto& b : blocks) {
            auto y = b.expansion.empty() ? x : relu6(pass.normalized(x, b.expansion[0]));
            y = pass.normalized(relu6(pass.normalized(y, b.depthwise)), b.projection);
            x = b.residual ? y.add_(x) : y;
        }
        x = relu6(pass.normalized(x, head)).mean({2, 3}, true);
        if (pass.dropout)
            x = x.mul(torch::rand(x.sizes()).ge(0.2).to(torch::kFloat)).div_(0.8);
        return pass.scores(x);
    };
}
