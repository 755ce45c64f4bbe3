// Which labels there are, for finding the one that an author may have meant. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "suites/network_policy.hpp"

namespace nettest {

/// A label that is near to the one asked for.
struct NearLabel {
  std::string key;
  std::string value;
  /// What differs: "only in case", "by its key", …; for sentences.
  std::string how;
};

/// All labels of pods, or of namespaces.
class LabelWords {
 public:
  void add(const Labels& labels);

  /// A label that exists and that `key=value` probably misspells: other case, other value, other
  /// key. Nothing when there is none, or when `key=value` itself exists.
  [[nodiscard]] std::optional<NearLabel> near(const std::string& key,
                                              const std::string& value) const;
  /// A key that exists and that `key` probably misspells; nothing when `key` itself exists.
  [[nodiscard]] std::optional<std::string> near_key(const std::string& key) const;
  [[nodiscard]] bool has(const std::string& key, const std::string& value) const;

 private:
  std::map<std::string, std::set<std::string>> values_;
};

/// The requirements that a selector makes, its matchLabels as In.
std::vector<SelectorRequirement> requirements_of(const LabelSelector& selector);

/// Says what may be meant by a selector that selects nobody: "did you mean app=web (it differs only
/// in case)?". Empty when nothing is near.
std::string label_hint(const LabelSelector& selector, const LabelWords& words);

}  // namespace nettest
