// Times one search iteration of DMCP written in C++ on libtorch: the tensor operations of the C# workloads search:resnet18 and
// search:mobilenetv2@1.5, in their order, on random data. The difference is what C# costs. The last line is the median, in milliseconds.
//
//     search_iteration resnet18|mobilenetv2 [--threads N] [--iterations 10] [--seconds 3] [--uniform] [--profile]
//
// --uniform draws the random sub-networks uniformly, as in the warm-up, rather than from the Markov chain, as the workloads do;
// --profile also prints where the time goes, operator by operator. Built by 'eng/bench.sh native'.

#include "networks.h"
#include "operator_times.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// SGD with Nesterov momentum 0.9.
struct Sgd {
    std::vector<Tensor> weights, momenta = {};

    void step(double rate, double decay) {
        const torch::NoGradGuard noGradient;
        momenta.resize(weights.size());
        for (size_t i = 0; i < weights.size(); i++) {
            auto gradient = weights[i].grad();
            if (decay != 0 && weights[i].dim() > 1)
                gradient = gradient.add(weights[i], decay);
            if (momenta[i].defined())
                momenta[i].mul_(0.9).add_(gradient);
            else
                momenta[i] = gradient.clone();
            weights[i].add_(gradient.add(momenta[i], 0.9), -rate);
        }
    }

    void forget() {
        for (const auto& weight : weights)
            weight.grad().zero_();
    }
};

struct Search {
    Network net;
    Forward forward;
    bool uniform;
    int64_t blocks;
    Widths blockSizes, leastWidths;
    double target = 0;
    Tensor images, labels, alpha, mask, blockSize, least, quadratic, linear, blockOfChannel, sums = torch::zeros(4);
    Sgd weightOptimizer, alphaOptimizer;
    std::mt19937 random{1};

    Search(const std::string& name, bool uniform) : uniform(uniform) {
        if (name != "resnet18" && name != "mobilenetv2")
            throw std::invalid_argument("The network is '" + name + "'; it must be resnet18 or mobilenetv2.");
        forward = name == "resnet18" ? resnet18(net) : mobilenetv2(net);
        // Widths from 0.1 to 1 (MobileNetV2: 1.5) in steps of 0.1, cut into blocks as ChannelBlocks does.
        const auto most = name == "resnet18" ? 1.0 : 1.5;
        blocks = static_cast<int64_t>((most - 0.1) / 0.1 + 1e-4);
        const auto groups = static_cast<int64_t>(net.groups.size());
        std::vector<int64_t> gates;
        for (int64_t g = 0; g < groups; g++) {
            blockSizes.push_back(static_cast<int64_t>(0.1 * net.groups[g] / most));
            leastWidths.push_back(net.groups[g] - blocks * blockSizes[g]);
            for (int64_t c = 0; c < net.groups[g]; c++)
                gates.push_back(c < leastWidths[g] ? 0 : 1 + g * blocks + (c - leastWidths[g]) / blockSizes[g]);
        }
        blockOfChannel = torch::tensor(gates);
        blockSize = torch::tensor(blockSizes).to(torch::kFloat);
        least = torch::tensor(leastWidths).to(torch::kFloat);
        linear = torch::tensor(net.linear).to(torch::kFloat);
        quadratic = torch::zeros({groups, groups});
        for (int64_t g = 0; g < groups; g++)
            quadratic[g] = torch::tensor(net.quadratic[g]).to(torch::kFloat);
        mask = torch::ones({groups, blocks});
        images = torch::randn({Batch, Image, Image, 3}).permute({0, 3, 1, 2});
        labels = torch::randint(Classes, {Batch});
        weightOptimizer.weights = net.weights;
        start();
    }

    // The budget is half of the FLOPs, and every α starts where the expectation meets it.
    void start() {
        const torch::NoGradGuard noGradient;
        target = 0.5 * cost(torch::tensor(net.groups).to(torch::kFloat)).item<double>();
        double low = -30, high = 30;
        for (int i = 0; i < 50; i++) {
            alpha = torch::full_like(mask, (low + high) / 2);
            (cost(expectedWidths(marginals())).item<double>() <= target ? low : high) = (low + high) / 2;
        }
        alpha.requires_grad_().mutable_grad() = torch::zeros_like(alpha);
        alphaOptimizer.weights = {alpha};
    }

    Tensor logTransitions() const { return torch::softplus(alpha.neg()).neg(); }
    Tensor marginals() const { return logTransitions().cumsum(1).exp().mul(mask); }
    Tensor expectedWidths(const Tensor& marginals) const { return marginals.sum(1).mul(blockSize).add(least); }
    Tensor cost(const Tensor& widths) const { return widths.mul(quadratic.matmul(widths).add(linear)).sum().add(0.0); }

    Widths draw() {
        const torch::NoGradGuard noGradient;
        const auto transitions = logTransitions().exp().mul(mask);
        const auto p = transitions.accessor<float, 2>();
        auto widths = leastWidths;
        for (size_t g = 0; g < widths.size(); g++) {
            int64_t kept = 0;
            if (uniform)
                kept = std::uniform_int_distribution<int64_t>(0, blocks)(random);
            else
                while (kept < blocks && std::uniform_real_distribution<float>()(random) < p[g][kept])
                    kept++;
            widths[g] += kept * blockSizes[g];
        }
        return widths;
    }

    static Tensor crossEntropy(const Tensor& scores, const Tensor& labels) { return torch::cross_entropy_loss(scores, labels, {}, at::Reduction::Mean, -100, 0); }

    void add(int64_t index, const Tensor& value) { sums.narrow(0, index, 1).add_(value.detach().to(torch::kFloat)); }

    // Stage 1: the widest network learns from the labels, the others from the widest.
    void trainWeights() {
        weightOptimizer.forget();
        Tensor teacher;
        {
            Pass pass{net};
            const auto scores = forward(pass, images);
            const auto loss = crossEntropy(scores, labels);
            loss.backward();
            add(0, loss);
            add(1, scores.argmax(1).eq(labels).sum());
            teacher = scores.detach().softmax(1);
        }
        for (const auto& widths : {leastWidths, draw(), draw()}) {
            Pass pass{net, &widths};
            forward(pass, images).log_softmax(1).mul(teacher).sum(1).mean().neg().backward();
            pass.collect();
        }
        weightOptimizer.step(0.01, 1e-4);
    }

    // Stage 2: the widest network through the gates, weights frozen, with the budget loss log_l1.
    void trainArchitecture() {
        for (auto& weight : net.weights)
            weight.set_requires_grad(false);
        alphaOptimizer.forget();
        const auto kept = marginals();
        const auto gates = torch::cat({torch::ones(1), kept.flatten()}).index_select(0, blockOfChannel);
        Pass pass{net, nullptr, gates, false};
        const auto loss = crossEntropy(forward(pass, images), labels);
        const auto budget = budgetLoss(torch::stack({cost(expectedWidths(kept))})[0]);
        loss.add(budget.mul(0.1)).backward();
        alphaOptimizer.step(0.5, 0);
        {
            const torch::NoGradGuard noGradient;
            alpha.clamp_(-30, 30);
        }
        for (auto& weight : net.weights)
            weight.set_requires_grad(true);
        add(2, loss);
        add(3, budget);
    }

    Tensor budgetLoss(const Tensor& expected) const {
        constexpr double gamma = 0.95;
        const auto is = [](const Tensor& condition) { return condition.to(torch::kFloat); };
        const auto ratio = is(expected.sub(target).abs().gt(200)).mul(-0.9).add(1);
        const auto anchor = is(expected.lt(gamma * target)).mul((1 - gamma) * target).add(gamma * target);
        const auto outside = is(expected.lt(gamma * target)).add(is(expected.ge(target)));
        return expected.sub(anchor).abs().mul(ratio).mul(outside).add(outside.neg().add(1)).log();
    }

    // Gives the loss of the widest network: reading it waits for the work.
    float iterate() {
        const auto before = sums[0].item<float>();
        trainWeights();
        trainArchitecture();
        return sums[0].item<float>() - before;
    }
};

double peakMegabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmHWM:", 0) == 0)
            return std::stod(line.substr(6)) / 1024;
    return 0;
}

int run(const std::vector<std::string>& arguments) {
    std::string name;
    int threads = static_cast<int>(std::thread::hardware_concurrency()), iterations = 10;
    double seconds = 3;
    bool uniform = false, profiled = false;
    for (size_t i = 0; i < arguments.size(); i++) {
        const auto& argument = arguments[i];
        if (argument == "--threads")
            threads = std::stoi(arguments.at(++i));
        else if (argument == "--iterations")
            iterations = std::stoi(arguments.at(++i));
        else if (argument == "--seconds")
            seconds = std::stod(arguments.at(++i));
        else if (argument == "--uniform")
            uniform = true;
        else if (argument == "--profile")
            profiled = true;
        else if (name.empty())
            name = argument;
        else
            throw std::invalid_argument("'" + argument + "' is no option; there are --threads, --iterations, --seconds, --uniform, --profile.");
    }
    at::set_num_threads(threads);
    torch::manual_seed(1);
    Search search(name, uniform);
    const auto first = search.iterate();
    for (int i = 1; i < 3; i++)
        search.iterate();
    if (profiled)
        writeOperatorTimes([&] { search.iterate(); }, 5);
    std::vector<double> times;
    double total = 0;
    float last = 0;
    while (times.size() < static_cast<size_t>(iterations) || total < 1000 * seconds) {
        const auto start = std::chrono::steady_clock::now();
        last = search.iterate();
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        total += times.back();
    }
    std::sort(times.begin(), times.end());
    const auto middle = times.size() / 2;
    const auto median = times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    std::printf("%s, %zu iterations, loss from %.3f to %.3f, fastest %.2f ms; peak memory %.0f MB\n", name.c_str(), times.size(), first, last, times[0], peakMegabytes());
    std::printf("%.2f\n", median);
    return 0;
}

int main(int count, char** values) {
    try {
        return run({values + 1, values + count});
    } catch (const std::exception& e) {
        std::fprintf(stderr, "search_iteration: %s\n", e.what());
        return 1;
    }
}
