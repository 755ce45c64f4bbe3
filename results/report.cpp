#include "results/report.hpp"

#include <algorithm>
#include <utility>

namespace nettest {

namespace {

constexpr int kExitInterrupted = 130;
constexpr int kExitMismatch = 1;
constexpr int kExitUsage = 2;
constexpr int kExitInconclusive = 3;

template <typename Range>
Counts sum(const Range& parts) {
  Counts counts;
  for (const auto& part : parts) {
    counts += count(part);
  }
  return counts;
}

void add(Counts& counts, const Comparison& comparison) {
  ++counts.probes;
  counts.attempts += comparison.attempts.size();
  switch (comparison.agreement) {
    case Agreement::match:
      ++(comparison.prediction.verdict == Verdict::either ? counts.undefined : counts.matched);
      return;
    case Agreement::mismatch:
      ++(comparison.known.empty() ? counts.mismatched : counts.known);
      return;
    case Agreement::inconclusive:
      ++counts.inconclusive;
      return;
    case Agreement::skipped:
      ++counts.unasked;
      return;
  }
}

/// The value at `percent` by nearest rank (the smallest that at least so many are not above).
Duration nearest_rank(const std::vector<Duration>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

Percentiles percentiles_of(std::vector<Duration> values) {
  if (values.empty()) {
    return {};
  }
  std::sort(values.begin(), values.end());
  return {
      values.size(), nearest_rank(values, 50), nearest_rank(values, 95), nearest_rank(values, 99)};
}

void collect(const StepResult& step, std::vector<Duration>& values) {
  for (const auto& comparison : step.comparisons) {
    if (comparison.enforcement_latency) {
      values.push_back(*comparison.enforcement_latency);
    }
  }
}

void collect(const SuiteResult& suite, std::vector<Duration>& values) {
  for (const auto& result : suite.cases) {
    for (const auto& step : result.steps) {
      collect(step, values);
    }
  }
}

struct Trouble {
  bool interrupted = false;
  bool wrong_input = false;
};

Trouble trouble_of(const Report& report) {
  Trouble trouble{report.facts.interrupted, false};
  const auto look_at = [&](const std::optional<Error>& error) {
    if (!error) {
      return;
    }
    trouble.interrupted |= error->kind == ErrorKind::interrupted;
    trouble.wrong_input |= error->kind == ErrorKind::usage || error->kind == ErrorKind::suite;
  };
  for (const auto& suite : report.suites) {
    look_at(suite.error);
    for (const auto& result : suite.cases) {
      for (const auto& step : result.steps) {
        look_at(step.error);
      }
    }
  }
  return trouble;
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  probes += other.probes;
  matched += other.matched;
  mismatched += other.mismatched;
  known += other.known;
  inconclusive += other.inconclusive;
  unasked += other.unasked;
  undefined += other.undefined;
  attempts += other.attempts;
  errors += other.errors;
  skipped += other.skipped;
  return *this;
}

Counts count(const StepResult& step) {
  Counts counts;
  for (const auto& comparison : step.comparisons) {
    add(counts, comparison);
  }
  counts.errors = step.error ? 1U : 0U;
  counts.skipped = step.skipped.empty() ? 0U : 1U;
  return counts;
}

Counts count(const CaseResult& result) {
  return sum(result.steps);
}

Counts count(const SuiteResult& suite) {
  Counts counts = sum(suite.cases);
  counts.errors += suite.error ? 1U : 0U;
  return counts;
}

Counts count(const Report& report) {
  return sum(report.suites);
}

Percentiles enforcement_latency(const StepResult& step) {
  std::vector<Duration> values;
  collect(step, values);
  return percentiles_of(std::move(values));
}

Percentiles enforcement_latency(const SuiteResult& suite) {
  std::vector<Duration> values;
  collect(suite, values);
  return percentiles_of(std::move(values));
}

Percentiles enforcement_latency(const Report& report) {
  std::vector<Duration> values;
  for (const auto& suite : report.suites) {
    collect(suite, values);
  }
  return percentiles_of(std::move(values));
}

int exit_code(const Report& report) {
  const Counts counts = count(report);
  const Trouble trouble = trouble_of(report);
  if (trouble.interrupted) {
    return kExitInterrupted;
  }
  if (counts.mismatched > 0 || !report.stale_known.empty()) {
    return kExitMismatch;
  }
  if (trouble.wrong_input) {
    return kExitUsage;
  }
  const bool proved = counts.matched > 0 && counts.inconclusive == 0 && counts.errors == 0;
  return proved ? 0 : kExitInconclusive;
}

}  // namespace nettest
