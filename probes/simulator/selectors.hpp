// Label selectors: do they hold for a set of labels, and if not, why. Pure.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "probes/simulator/group_set.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

/// Says whether the requirement holds. NotIn and DoesNotExist hold for a
/// missing key; In and Exists do not.
bool holds(const SelectorRequirement& requirement, const Labels& labels);

/// Says whether every part of the selector holds; an empty selector selects
/// everything.
bool selects(const LabelSelector& selector, const Labels& labels);

/// Says what is in the way ("lacks label name=notes", "has app=db, not
/// app=web"), or nothing when the selector selects.
std::optional<std::string> why_not(const LabelSelector& selector, const Labels& labels);

/// The keys and values that some selectors ask about; all other differences
/// between labels are invisible to them.
class Vocabulary {
 public:
  void add(const LabelSelector& selector);
  [[nodiscard]] bool knows(const std::string& key) const { return values_.contains(key); }
  [[nodiscard]] bool knows(const std::string& key, const std::string& value) const;
  /// Writes what of `labels` can be told apart as one text: equal texts, equal
  /// answers of every selector.
  [[nodiscard]] std::string project(const Labels& labels) const;

 private:
  std::unordered_map<std::string, std::unordered_set<std::string>> values_;
};

/// An inverted index from labels to who has them. Selecting costs one set
/// operation per part of the selector, whatever the number of members.
class LabelIndex {
 public:
  explicit LabelIndex(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}

  /// Enters members that all carry `labels`.
  void add(const Labels& labels, const GroupSet& members);
  /// The members that `selector` selects. The selector must have been added to
  /// the vocabulary.
  [[nodiscard]] GroupSet select(const LabelSelector& selector) const;
  [[nodiscard]] const GroupSet& all() const { return all_; }

 private:
  struct Key {
    GroupSet having;
    std::unordered_map<std::string, GroupSet> by_value;
  };

  [[nodiscard]] GroupSet with_any(const std::string& key,
                                  const std::vector<std::string>& values) const;
  void narrow(GroupSet& members, const SelectorRequirement& requirement) const;

  Vocabulary vocabulary_;
  GroupSet all_;
  std::unordered_map<std::string, Key> keys_;
};

}  // namespace nettest
