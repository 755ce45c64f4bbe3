#include "harness/expectations.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kShown = 3;

using Contradictions = std::vector<const Probe*>;

std::string verdict_word(bool allow) {
  return allow ? "allowed" : "blocked";
}

/// What the author wrote and what the simulator says, probe by probe.
Error contradiction(const Expectation& expectation,
                    const Contradictions& probes,
                    std::size_t decided,
                    const Simulator& simulator) {
  std::string text = "expectation {" + expectation.written + "} contradicts the simulator on " +
                     std::to_string(probes.size()) + " of the " + std::to_string(decided) +
                     (decided == 1 ? " probe" : " probes") + " that it decides:";
  for (std::size_t i = 0; i < probes.size() && i < kShown; ++i) {
    const Prediction prediction = simulator.predict(*probes[i]);
    text += "\n  " + to_string(*probes[i]);
    text += "\n    written:   " + verdict_word(expectation.allow);
    text += "\n    simulator: " + std::string(to_string(prediction.verdict)) + " (" +
            std::string(to_string(prediction.reason)) + ")";
    text += "\n    because:   " + explain(prediction);
  }
  if (probes.size() > kShown) {
    text += "\n  … and " + std::to_string(probes.size() - kShown) + " more";
  }
  return {ErrorKind::suite, text, expectation.where};
}

std::vector<std::string> sorted(const std::set<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

/// Says which part of an expectation speaks of nobody, with near names.
std::string what_does_not_fit(const Expectation& expectation, const std::vector<Probe>& probes) {
  std::set<std::string> sources;
  std::set<std::string> destinations;
  std::set<std::string> ports;
  Expectation any_source = expectation;
  Expectation any_port = expectation;
  any_source.to = "*";
  any_source.port.reset();
  any_source.protocol.reset();
  any_port.port.reset();
  any_port.protocol.reset();
  bool from_fits = false;
  for (const auto& probe : probes) {
    sources.insert(to_string(probe.from));
    from_fits = from_fits || matches(any_source, probe);
    destinations.insert(destination_text(probe));
    if (matches(any_port, probe)) {
      ports.insert(std::to_string(probe.port) + "/" + std::string(to_string(probe.protocol)));
    }
  }
  if (probes.empty()) {
    return "the step has no probes";
  }
  if (!from_fits) {
    return "no probe comes from \"" + expectation.from + "\"" +
           spelling_hint(expectation.from, sorted(sources));
  }
  if (!ports.empty()) {
    return "the probes between these ask " + join(sorted(ports), ", ");
  }
  return "no probe from there goes to \"" + expectation.to + "\"" +
         spelling_hint(expectation.to, sorted(destinations));
}

Verdict opposite_of(const Expectation& expectation) {
  return expectation.allow ? Verdict::blocked : Verdict::allowed;
}

}  // namespace

CheckedExpectations check_expectations(const std::vector<Expectation>& expectations,
                                       const std::vector<Probe>& probes,
                                       const Simulator& simulator) {
  CheckedExpectations checked;
  checked.of_probe.resize(probes.size(), nullptr);
  std::vector<bool> speaks(expectations.size(), false);
  std::vector<std::size_t> decided(expectations.size(), 0);
  std::vector<Contradictions> contradictions(expectations.size());
  for (std::size_t p = 0; p < probes.size(); ++p) {
    std::optional<std::size_t> last;
    for (std::size_t e = 0; e < expectations.size(); ++e) {
      if (matches(expectations[e], probes[p])) {
        speaks[e] = true;
        last = e;
      }
    }
    if (!last) {
      continue;
    }
    checked.of_probe[p] = &expectations[*last];
    ++decided[*last];
    if (simulator.verdict(probes[p]) == opposite_of(expectations[*last])) {
      contradictions[*last].push_back(&probes[p]);
    }
  }
  for (std::size_t e = 0; e < expectations.size(); ++e) {
    if (!speaks[e]) {
      checked.errors.push_back(
          {ErrorKind::suite,
           "expectation {" + expectations[e].written +
               "} fits no probe of this step: " + what_does_not_fit(expectations[e], probes),
           expectations[e].where});
    } else if (!contradictions[e].empty()) {
      checked.errors.push_back(
          contradiction(expectations[e], contradictions[e], decided[e], simulator));
    }
  }
  return checked;
}

}  // namespace nettest
