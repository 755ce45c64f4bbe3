#include "probes/lint/label_words.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace nettest {

namespace {

/// With more candidates than this only case is looked at: spelling would take too long, and among
/// so many something is always near.
constexpr std::size_t kMostCandidates = 500;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

template <typename Texts>
std::optional<std::string> same_but_case(const std::string& word, const Texts& candidates) {
  const std::string wanted = lower(word);
  for (const auto& candidate : candidates) {
    if (lower(candidate) == wanted) {
      return candidate;
    }
  }
  return std::nullopt;
}

std::optional<std::string> misspelt(const std::string& word, const std::set<std::string>& there) {
  if (there.size() > kMostCandidates || word.empty()) {
    return std::nullopt;
  }
  return nearest(word, {there.begin(), there.end()});
}

std::string key_hint(const SelectorRequirement& requirement, const LabelWords& words) {
  const auto key = words.near_key(requirement.key);
  return key ? "did you mean the key " + *key + "?" : "";
}

// Nothing where one of the values is there: then the others may be for later.
std::string value_hint(const SelectorRequirement& requirement, const LabelWords& words) {
  for (const std::string& value : requirement.values) {
    if (words.has(requirement.key, value)) {
      return "";
    }
  }
  for (const std::string& value : requirement.values) {
    if (const auto found = words.near(requirement.key, value)) {
      return "did you mean " + found->key + "=" + found->value +
             (found->how.empty() ? "?" : " (" + found->how + ")?");
    }
  }
  return "";
}

std::string hint_for(const SelectorRequirement& requirement, const LabelWords& words) {
  if (requirement.op == SelectorOperator::exists) {
    return key_hint(requirement, words);
  }
  return requirement.op == SelectorOperator::in ? value_hint(requirement, words) : "";
}

}  // namespace

void LabelWords::add(const Labels& labels) {
  for (const auto& [key, value] : labels) {
    values_[key].insert(value);
  }
}

bool LabelWords::has(const std::string& key, const std::string& value) const {
  const auto found = values_.find(key);
  return found != values_.end() && found->second.contains(value);
}

std::optional<std::string> LabelWords::near_key(const std::string& key) const {
  if (values_.contains(key)) {
    return std::nullopt;
  }
  std::set<std::string> keys;
  for (const auto& [known, values] : values_) {
    keys.insert(known);
  }
  if (auto found = same_but_case(key, keys)) {
    return found;
  }
  return misspelt(key, keys);
}

std::optional<NearLabel> LabelWords::near(const std::string& key, const std::string& value) const {
  if (has(key, value)) {
    return std::nullopt;
  }
  const auto known = values_.find(key);
  if (known != values_.end()) {
    if (const auto found = same_but_case(value, known->second)) {
      return NearLabel{key, *found, "it differs only in case"};
    }
    if (const auto found = misspelt(value, known->second)) {
      return NearLabel{key, *found, ""};
    }
    return std::nullopt;
  }
  if (const auto found = near_key(key); found && has(*found, value)) {
    return NearLabel{*found, value, "the key differs"};
  }
  return std::nullopt;
}

std::vector<SelectorRequirement> requirements_of(const LabelSelector& selector) {
  std::vector<SelectorRequirement> all;
  for (const auto& [key, value] : selector.match_labels) {
    all.push_back({key, SelectorOperator::in, {value}});
  }
  all.insert(all.end(), selector.match_expressions.begin(), selector.match_expressions.end());
  return all;
}

std::string label_hint(const LabelSelector& selector, const LabelWords& words) {
  for (const auto& requirement : requirements_of(selector)) {
    if (auto hint = hint_for(requirement, words); !hint.empty()) {
      return hint;
    }
  }
  return "";
}

}  // namespace nettest
