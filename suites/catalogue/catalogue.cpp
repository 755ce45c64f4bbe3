#include "suites/catalogue/catalogue.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "suites/catalogue/cyclonus.hpp"
#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/kubernetes_e2e.hpp"
#include "suites/catalogue/smoke.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest {

namespace {

void add(std::vector<Case>& all, std::vector<Case> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::vector<Case> cyclonus() {
  std::vector<Case> all;
  for (const auto& make : {catalogue::target_cases,
                           catalogue::rules_cases,
                           catalogue::peers_cases,
                           catalogue::ports_cases,
                           catalogue::example_cases,
                           catalogue::actions_cases,
                           catalogue::conflicts_cases,
                           catalogue::namespaces_cases,
                           catalogue::upstream_e2e_cases}) {
    add(all, make());
  }
  return all;
}

std::vector<Case> conformance() {
  std::vector<Case> all = cyclonus();
  add(all, catalogue::kubernetes_e2e_cases());
  add(all, catalogue::gap_cases());
  return all;
}

/// In the order of the list, which names nothing that is not there.
std::vector<Case> smoke() {
  const auto all = conformance();
  std::vector<Case> chosen;
  for (const auto name : catalogue::smoke_names()) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Case& one) { return one.name == name; });
    if (found != all.end()) {
      chosen.push_back(*found);
    }
  }
  return chosen;
}

struct Builtin {
  std::string_view name;
  std::string_view description;
  std::vector<Case> (*cases)();
};
constexpr std::array kBuiltins = std::to_array<Builtin>({
    {"conformance", "Every case of the catalogue.", conformance},
    {"cyclonus", "The cases of cyclonus, with its tags.", cyclonus},
    {"upstream-e2e",
     "The cases of the Kubernetes e2e suite for NetworkPolicy.",
     catalogue::kubernetes_e2e_cases},
    {"smoke", "A smallest set of cases that catches every static fault, in seconds.", smoke},
});

}  // namespace

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const auto& one : kBuiltins) {
    names.emplace_back(one.name);
  }
  return names;
}

std::optional<Suite> builtin_suite(std::string_view name) {
  const auto* const found = std::find_if(
      kBuiltins.begin(), kBuiltins.end(), [&](const Builtin& one) { return one.name == name; });
  if (found == kBuiltins.end()) {
    return std::nullopt;
  }
  Suite suite;
  suite.name = found->name;
  suite.description = found->description;
  suite.file = "builtin:" + suite.name;
  suite.world = catalogue::base_world();
  suite.probes = {ProbeSpec{MatrixSpec{}, {suite.file, 0, 0}}};
  suite.cases = found->cases();
  return suite;
}

std::string_view family_of(const Case& value) {
  return std::string_view(value.name).substr(0, value.name.find('/'));
}

std::vector<FamilyCount> count_families(const Suite& suite) {
  std::vector<FamilyCount> counts;
  for (const auto& value : suite.cases) {
    const auto family = family_of(value);
    auto found = std::find_if(
        counts.begin(), counts.end(), [&](const FamilyCount& one) { return one.family == family; });
    if (found == counts.end()) {
      found = counts.insert(counts.end(), {std::string(family), 0, 0});
    }
    ++found->cases;
    found->steps += value.steps.size();
  }
  return counts;
}

}  // namespace nettest
