// builtin:smoke is a smallest set of cases of the catalogue that shows every static fault: worked
// out on paper, by the test that is disabled here because it takes minutes. Only cases are taken in
// which something is allowed and something blocked.
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/local/faults/fault.hpp"
#include "harness/mutation/rehearsal.hpp"
#include "suites/catalogue/catalogue.hpp"
#include "tests/mutation/capabilities.hpp"

namespace nettest {
namespace {

using Names = std::set<std::string>;
/// Case → the faults that it shows.
using Shown = std::map<std::string, Names>;

bool counts(const Fault& fault) {
  return fault.kind == FaultKind::constant && fault.equivalent.empty();
}

Names static_faults() {
  Names names;
  for (const Fault& fault : all_faults()) {
    if (counts(fault)) {
      names.insert(fault.name);
    }
  }
  return names;
}

/// A case in which all is allowed, or all is blocked, would not show much of a real plugin.
bool has_both_verdicts(const StagedCase& staged) {
  std::set<Verdict> verdicts;
  for (const StagedStep& step : staged.steps) {
    for (const PlannedProbe& probe : step.plan.probes) {
      verdicts.insert(probe.prediction.verdict);
    }
  }
  return verdicts.contains(Verdict::allowed) && verdicts.contains(Verdict::blocked);
}

Shown shown_by(const std::string& builtin) {
  const Suite suite = *builtin_suite(builtin);
  const auto rehearsal = Rehearsal::of(suite, local_capabilities());
  EXPECT_TRUE(rehearsal);
  Shown shown;
  for (std::size_t i = 0; rehearsal && i < rehearsal->cases().size(); ++i) {
    if (!has_both_verdicts(rehearsal->cases()[i])) {
      continue;
    }
    Names& names = shown[rehearsal->cases()[i].value->name];
    for (const Fault& fault : all_faults()) {
      if (counts(fault) && !rehearsal->rehearse_case(fault, i).empty()) {
        names.insert(fault.name);
      }
    }
  }
  return shown;
}

/// How many cases show each fault.
std::map<std::string, int> times(const Shown& shown) {
  std::map<std::string, int> result;
  for (const auto& [name, faults] : shown) {
    for (const std::string& fault : faults) {
      ++result[fault];
    }
  }
  return result;
}

/// Leaves out what shows nothing that no other shows.
void leave_out_needless(Shown& chosen) {
  for (auto one = chosen.begin(); one != chosen.end();) {
    const auto all = times(chosen);
    const bool needless = std::all_of(one->second.begin(),
                                      one->second.end(),
                                      [&](const std::string& fault) { return all.at(fault) > 1; });
    one = needless ? chosen.erase(one) : std::next(one);
  }
}

/// Takes the case that shows most of what is left, the first of several, until nothing is left.
Shown smallest_cover(const Shown& shown, Names left) {
  Shown chosen;
  const auto news = [&](const Names& faults) {
    return std::count_if(
        faults.begin(), faults.end(), [&](const std::string& one) { return left.contains(one); });
  };
  while (!left.empty()) {
    const auto best =
        std::max_element(shown.begin(), shown.end(), [&](const auto& a, const auto& b) {
          return news(a.second) < news(b.second);
        });
    if (news(best->second) == 0) {
      ADD_FAILURE() << "no case shows " << *left.begin();
      return chosen;
    }
    chosen.insert(*best);
    for (const std::string& fault : best->second) {
      left.erase(fault);
    }
  }
  leave_out_needless(chosen);
  return chosen;
}

TEST(Smoke, ShowsEveryStaticFaultWithNoCaseTooMany) {
  const Shown shown = shown_by("smoke");
  const auto all = times(shown);
  for (const std::string& fault : static_faults()) {
    EXPECT_TRUE(all.contains(fault)) << "no case of builtin:smoke shows " << fault;
  }
  Shown needed = shown;
  leave_out_needless(needed);
  for (const auto& [name, faults] : shown) {
    EXPECT_TRUE(needed.contains(name)) << name << " shows nothing that no other case shows";
  }
}

/// What suites/catalogue/smoke.cpp must name when the test before has failed.
TEST(Smoke, DISABLED_WorksOutTheCases) {
  for (const auto& [name, faults] : smallest_cover(shown_by("conformance"), static_faults())) {
    std::cout << "      \"" << name << "\",\n";
  }
}

}  // namespace
}  // namespace nettest
