#include "probes/lint/namespace_guess.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kMetadataName = "kubernetes.io/metadata.name";

std::vector<std::string> names_of(const LintFacts& facts) {
  std::vector<std::string> names;
  for (const KnownNamespace& ns : facts.namespaces()) {
    names.push_back(ns.name);
  }
  return names;
}

std::string label(const std::string& key, const std::string& value) {
  return key + "=" + value;
}

/// `kubernetes.io/metadata.name: fronted`, and there is a namespace frontend.
std::optional<NamespaceGuess> misspelt_name(const std::string& value, const LintFacts& facts) {
  const auto near = nearest(value, names_of(facts));
  if (!near) {
    return std::nullopt;
  }
  return NamespaceGuess{true,
                        "there is no namespace " + value + " in the input",
                        "did you mean " + label(kMetadataName, *near) + "?"};
}

/// `name: notes`, and there is a namespace notes that has no such label.
std::optional<NamespaceGuess> unlabelled(const std::string& key,
                                         const std::string& value,
                                         const LintFacts& facts) {
  const KnownNamespace* ns = facts.find_namespace(value);
  if (ns == nullptr) {
    return std::nullopt;
  }
  return NamespaceGuess{
      ns->declared,
      "no namespace has the label " + label(key, value) + "; the nearest is namespace " + value +
          (ns->declared ? ", which lacks it" : ", whose labels are not in the input"),
      "label the namespace (kubectl label namespace " + value + " " + label(key, value) +
          "), or select " + kMetadataName + ": " + value + ", which every namespace has"};
}

std::optional<NamespaceGuess> guess(const SelectorRequirement& requirement,
                                    const LintFacts& facts) {
  if (requirement.op != SelectorOperator::in) {
    return std::nullopt;
  }
  for (const std::string& value : requirement.values) {
    if (facts.namespace_words().has(requirement.key, value)) {
      return std::nullopt;
    }
  }
  for (const std::string& value : requirement.values) {
    auto found = requirement.key == kMetadataName ? misspelt_name(value, facts)
                                                  : unlabelled(requirement.key, value, facts);
    if (found) {
      return found;
    }
  }
  return std::nullopt;
}

/// The namespace of which the fewest requirements fail.
const KnownNamespace* nearest_namespace(const LabelSelector& selector, const LintFacts& facts) {
  const auto requirements = requirements_of(selector);
  const KnownNamespace* best = nullptr;
  std::ptrdiff_t least = 0;
  for (const KnownNamespace& ns : facts.namespaces()) {
    const auto fails = std::count_if(requirements.begin(),
                                     requirements.end(),
                                     [&](const auto& wanted) { return !holds(wanted, ns.labels); });
    if (best == nullptr || fails < least) {
      best = &ns;
      least = fails;
    }
  }
  return least < static_cast<std::ptrdiff_t>(requirements.size()) ? best : nullptr;
}

}  // namespace

NamespaceGuess guess_namespace(const LabelSelector& selector, const LintFacts& facts) {
  for (const auto& requirement : requirements_of(selector)) {
    if (auto found = guess(requirement, facts)) {
      return *found;
    }
  }
  NamespaceGuess found;
  found.fix = label_hint(selector, facts.namespace_words());
  found.certain = !found.fix.empty();
  const KnownNamespace* near = nearest_namespace(selector, facts);
  if (near != nullptr) {
    found.why = "no namespace fits; the nearest is namespace " + near->name + ", which " +
                why_not(selector, near->labels).value_or("");
  } else {
    found.why = "no namespace of the input has the label " + to_string(selector);
  }
  if (found.fix.empty()) {
    found.fix = "check the labels (kubectl get namespaces --show-labels)";
  }
  return found;
}

}  // namespace nettest
