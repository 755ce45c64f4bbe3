#include "probes/simulator/selectors.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace nettest {

namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::string wanted(const SelectorRequirement& requirement) {
  if (requirement.values.size() == 1) {
    return requirement.key + "=" + requirement.values.front();
  }
  return requirement.key + " in (" + join(requirement.values, ",") + ")";
}

std::string miss(const SelectorRequirement& requirement, const Labels& labels) {
  const auto found = labels.find(requirement.key);
  switch (requirement.op) {
    case SelectorOperator::in:
      return found == labels.end()
                 ? "lacks label " + wanted(requirement)
                 : "has " + found->first + "=" + found->second + ", not " + wanted(requirement);
    case SelectorOperator::exists:
      return "lacks label " + requirement.key;
    case SelectorOperator::not_in:
      return "has " + requirement.key + "=" + found->second + ", which NotIn excludes";
    case SelectorOperator::does_not_exist:
      return "has label " + requirement.key + ", which DoesNotExist excludes";
  }
  return "?";
}

}  // namespace

bool holds(const SelectorRequirement& requirement, const Labels& labels) {
  const auto found = labels.find(requirement.key);
  const bool present = found != labels.end();
  switch (requirement.op) {
    case SelectorOperator::in:
      return present && contains(requirement.values, found->second);
    case SelectorOperator::not_in:
      return !present || !contains(requirement.values, found->second);
    case SelectorOperator::exists:
      return present;
    case SelectorOperator::does_not_exist:
      return !present;
  }
  return false;
}

bool selects(const LabelSelector& selector, const Labels& labels) {
  const bool equal = std::all_of(
      selector.match_labels.begin(), selector.match_labels.end(), [&](const auto& wanted) {
        const auto found = labels.find(wanted.first);
        return found != labels.end() && found->second == wanted.second;
      });
  return equal && std::all_of(selector.match_expressions.begin(),
                              selector.match_expressions.end(),
                              [&](const auto& requirement) { return holds(requirement, labels); });
}

std::optional<std::string> why_not(const LabelSelector& selector, const Labels& labels) {
  for (const auto& [key, value] : selector.match_labels) {
    const SelectorRequirement requirement{key, SelectorOperator::in, {value}};
    if (!holds(requirement, labels)) {
      return miss(requirement, labels);
    }
  }
  for (const auto& requirement : selector.match_expressions) {
    if (!holds(requirement, labels)) {
      return miss(requirement, labels);
    }
  }
  return std::nullopt;
}

void Vocabulary::add(const LabelSelector& selector) {
  for (const auto& [key, value] : selector.match_labels) {
    values_[key].insert(value);
  }
  for (const auto& requirement : selector.match_expressions) {
    values_[requirement.key].insert(requirement.values.begin(), requirement.values.end());
  }
}

bool Vocabulary::knows(const std::string& key, const std::string& value) const {
  const auto found = values_.find(key);
  return found != values_.end() && found->second.contains(value);
}

std::string Vocabulary::project(const Labels& labels) const {
  std::string text;
  for (const auto& [key, value] : labels) {
    const auto found = values_.find(key);
    if (found == values_.end()) {
      continue;
    }
    // Neither keys nor values of labels hold NUL, so the text reads only one way.
    text += key;
    text += '\0';
    if (found->second.contains(value)) {
      text += '=';
      text += value;
    }
    text += '\0';
  }
  return text;
}

void LabelIndex::add(const Labels& labels, const GroupSet& members) {
  all_ |= members;
  for (const auto& [key, value] : labels) {
    if (!vocabulary_.knows(key)) {
      continue;
    }
    Key& entry = keys_[key];
    entry.having |= members;
    if (vocabulary_.knows(key, value)) {
      entry.by_value[value] |= members;
    }
  }
}

GroupSet LabelIndex::with_any(const std::string& key,
                              const std::vector<std::string>& values) const {
  GroupSet members;
  const auto found = keys_.find(key);
  if (found == keys_.end()) {
    return members;
  }
  for (const auto& value : values) {
    const auto with_value = found->second.by_value.find(value);
    if (with_value != found->second.by_value.end()) {
      members |= with_value->second;
    }
  }
  return members;
}

void LabelIndex::narrow(GroupSet& members, const SelectorRequirement& requirement) const {
  switch (requirement.op) {
    case SelectorOperator::in:
      members &= with_any(requirement.key, requirement.values);
      return;
    case SelectorOperator::not_in:
      members -= with_any(requirement.key, requirement.values);
      return;
    case SelectorOperator::exists:
    case SelectorOperator::does_not_exist:
      break;
  }
  static const GroupSet kNobody;
  const auto found = keys_.find(requirement.key);
  const GroupSet& having = found == keys_.end() ? kNobody : found->second.having;
  if (requirement.op == SelectorOperator::exists) {
    members &= having;
  } else {
    members -= having;
  }
}

GroupSet LabelIndex::select(const LabelSelector& selector) const {
  GroupSet members = all_;
  for (const auto& [key, value] : selector.match_labels) {
    narrow(members, {key, SelectorOperator::in, {value}});
  }
  for (const auto& requirement : selector.match_expressions) {
    narrow(members, requirement);
  }
  return members;
}

}  // namespace nettest
