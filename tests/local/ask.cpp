#include "tests/local/ask.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace nettest {

std::vector<Attempt> ask_patiently(LocalEngine& engine,
                                   const std::vector<Probe>& probes,
                                   const std::vector<Verdict>& expected) {
  std::vector<Question> questions;
  for (const Probe& probe : probes) {
    questions.push_back({probe, std::chrono::milliseconds(60)});
  }
  auto attempts = engine.probe(questions);
  EXPECT_TRUE(attempts) << to_string(attempts.error());
  if (!attempts) {
    return std::vector<Attempt>(probes.size());
  }
  std::vector<std::size_t> unheard;
  std::vector<Question> again;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (expected[i] == Verdict::allowed && attempts->at(i).signal != Signal::connected) {
      unheard.push_back(i);
      again.push_back({probes[i], std::chrono::seconds(3)});
    }
  }
  if (!again.empty()) {
    const auto second = engine.probe(again);
    EXPECT_TRUE(second) << to_string(second.error());
    for (std::size_t i = 0; second && i < unheard.size(); ++i) {
      attempts->at(unheard[i]) = second->at(i);
    }
  }
  return *attempts;
}

}  // namespace nettest
