// The list of faults as text, JSON and Markdown. Pure.
#pragma once

#include <string>
#include <vector>

#include "results/outputs.hpp"

namespace nettest {

/// A fault as it is told.
struct ListedFault {
  std::string name;
  std::string about;
  /// "allows too much", "denies too much" or "both".
  std::string flip;
  /// Shows on a transition only.
  bool dynamic = false;
  std::vector<std::string> references;
  /// Why no world can show it, or empty.
  std::string equivalent = {};
};

/// A class of faults; `left_out` is the reason where it has none.
struct ListedClass {
  std::string code;
  std::string meaning;
  std::string left_out;
  std::vector<ListedFault> faults;
};

std::string render_faults(const std::vector<ListedClass>& classes, const TextStyle& style);
/// One array of faults.
std::string render_faults_json(const std::vector<ListedClass>& classes);
/// A whole document: docs/faults.md.
std::string render_faults_markdown(const std::vector<ListedClass>& classes);

}  // namespace nettest
