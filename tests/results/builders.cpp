#include "tests/results/builders.hpp"

#include <utility>

namespace nettest::test {

PodId pod(std::string_view text) {
  const auto slash = text.find('/');
  return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

Probe probe(std::string_view from, std::string_view to, Port port) {
  Probe result;
  result.from = pod(from);
  result.to = pod(to);
  result.port = port;
  return result;
}

Prediction predicted(Verdict verdict, Reason reason) {
  return {verdict, reason, {}};
}

Prediction predicted(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed:
      return predicted(verdict, Reason::open);
    case Verdict::blocked:
      return predicted(verdict, Reason::no_rule);
    case Verdict::either:
      break;
  }
  return predicted(Verdict::either, Reason::undefined);
}

TimePoint at_ms(int ms) {
  return TimePoint(std::chrono::milliseconds(ms));
}

Attempt attempt(Signal signal, int sent_ms, int timeout_ms) {
  Attempt result;
  result.signal = signal;
  result.sent = at_ms(sent_ms);
  result.timeout = std::chrono::milliseconds(timeout_ms);
  result.took = signal == Signal::timed_out ? result.timeout : std::chrono::microseconds(420);
  return result;
}

std::vector<Attempt> attempts(std::initializer_list<Signal> signals) {
  std::vector<Attempt> result;
  int sent = 0;
  for (const Signal signal : signals) {
    result.push_back(attempt(signal, sent));
    sent += 100;
  }
  return result;
}

Comparison judged(const Probe& probe, const Prediction& prediction, std::vector<Attempt> attempts) {
  Comparison comparison;
  comparison.probe = probe;
  comparison.prediction = prediction;
  comparison.attempts = std::move(attempts);
  comparison.controls = kOpen;
  return judge(std::move(comparison), at_ms(0));
}

namespace {

Comparison from_mark(const Probe& probe, char mark, bool mismatch) {
  if (mark == '?') {
    return judged(probe, predicted(Verdict::blocked), attempts({Signal::unusable}));
  }
  if (mark == '~') {
    return judged(probe, predicted(Verdict::either), attempts({Signal::timed_out}));
  }
  const bool open = mark == '.';
  const Verdict verdict = open != mismatch ? Verdict::allowed : Verdict::blocked;
  return judged(
      probe, predicted(verdict), attempts({open ? Signal::connected : Signal::timed_out}));
}

}  // namespace

std::vector<Comparison> matrix(const std::vector<std::string>& pods,
                               const std::vector<std::string>& rows,
                               const Probe& like) {
  std::vector<Comparison> result;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::size_t column = 0;
    for (std::size_t i = 0; i < rows[row].size(); ++i, ++column) {
      const char mark = rows[row][i];
      const bool mismatch = i + 1 < rows[row].size() && rows[row][i + 1] == '!';
      i += mismatch ? 1 : 0;
      if (mark == '-') {
        continue;
      }
      Probe probe = like;
      probe.from = pod(pods.at(row));
      probe.to = pod(pods.at(column));
      probe.port = like.port == 0 ? Port{80} : like.port;
      result.push_back(from_mark(probe, mark, mismatch));
    }
  }
  return result;
}

}  // namespace nettest::test
