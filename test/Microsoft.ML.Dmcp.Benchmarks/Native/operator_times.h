// Where the time goes, operator by operator, by libtorch's own (legacy) profiler.
#pragma once

#include <torch/csrc/autograd/profiler_legacy.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Writes the milliseconds an iteration that each operator takes itself, without those it calls.
inline void writeOperatorTimes(const std::function<void()>& iterate, int iterations) {
    using namespace torch::autograd::profiler;
    enableProfilerLegacy(torch::profiler::impl::ProfilerConfig(torch::profiler::impl::ProfilerState::CPU));
    for (int i = 0; i < iterations; i++)
        iterate();
    struct Total {
        double microseconds = 0;
        int calls = 0;
    };
    std::map<std::string, Total> totals;
    for (const auto& events : disableProfilerLegacy()) {
        std::vector<std::pair<const LegacyEvent*, double>> open; // and the time of those it calls
        for (const auto& event : events)
            if (event.kind() == EventKind::PushRange)
                open.emplace_back(&event, 0);
            else if (event.kind() == EventKind::PopRange && !open.empty()) {
                const auto [begin, inner] = open.back();
                const auto elapsed = begin->cpuElapsedUs(event);
                auto& total = totals[begin->name()];
                total.microseconds += elapsed - inner;
                total.calls++;
                open.pop_back();
                if (!open.empty())
                    open.back().second += elapsed;
            }
    }
    std::vector<std::pair<std::string, Total>> sorted(totals.begin(), totals.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second.microseconds > b.second.microseconds; });
    std::printf("%-60s %10s %8s\n", "operator", "ms", "calls");
    for (size_t i = 0; i < std::min<size_t>(sorted.size(), 25); i++)
        std::printf("%-60s %10.2f %8d\n", sorted[i].first.c_str(), sorted[i].second.microseconds / 1000 / iterations, sorted[i].second.calls / iterations);
}
