// Short ways to write down probes, attempts, comparisons and reports. Pure.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "results/report.hpp"

namespace nettest::test {

/// "x/a" as an id.
PodId pod(std::string_view text);

/// A TCP probe by pod IP.
Probe probe(std::string_view from, std::string_view to, Port port = 80);

Prediction predicted(Verdict verdict, Reason reason);
Prediction predicted(Verdict verdict);

/// The time `ms` milliseconds after the clock's start.
TimePoint at_ms(int ms);

/// An attempt under a time-out of one second.
Attempt attempt(Signal signal, int sent_ms = 0, int timeout_ms = 1000);

/// Attempts 100 ms apart, each under one second.
std::vector<Attempt> attempts(std::initializer_list<Signal> signals);

constexpr Controls kOpen{Control::open, Control::open};

/// A judged comparison with open controls and changes that were in at 0 ms.
Comparison judged(const Probe& probe, const Prediction& prediction, std::vector<Attempt> attempts);

/// A step in which everything is as predicted: `rows` of marks (`.`, `X`, `?` or `~`, `!` after
/// a mark makes it a mismatch, `-` no probe) between pods, in their order.
std::vector<Comparison> matrix(const std::vector<std::string>& pods,
                               const std::vector<std::string>& rows,
                               const Probe& like = {});

}  // namespace nettest::test
