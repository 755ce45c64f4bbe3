// The ways in which CNIs were seen to enforce policies wrongly, sorted into classes. Cases
// name the classes that they are there to detect, faults the one that they belong to. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nettest {

/// One class of bugs: a short code ("P1"), a name ("peer-and-or") and what goes wrong.
struct BugClass {
  std::string_view code;
  std::string_view name;
  std::string_view meaning;
};

/// All classes. P: peers, I: isolation and merging, O: ports, B: address blocks, N:
/// services, H: nodes, F: families, S: connections, D: transitions, A: admin tiers.
std::span<const BugClass> bug_classes();

/// The class of that code, or nullptr.
const BugClass* find_bug_class(std::string_view code);

/// The codes of all classes, in order.
std::vector<std::string> bug_class_codes();

}  // namespace nettest
