// What namespace an author may have meant by a namespaceSelector that selects none. Pure.
// Private to probes/lint.
#pragma once

#include <string>

#include "probes/lint/facts.hpp"

namespace nettest {

struct NamespaceGuess {
  /// A namespace or label of the input is so near that this is hardly a namespace written
  /// elsewhere.
  bool certain = false;
  /// Which label is missing, and where.
  std::string why;
  std::string fix;
};

/// Guesses. `selector` must select no namespace of the facts.
NamespaceGuess guess_namespace(const LabelSelector& selector, const LintFacts& facts);

}  // namespace nettest
