// Known deviations: what a plugin is known to enforce otherwise than the documentation says.
// Values; read_known_text is the only way in for what users write.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

/// Some cells of a matrix; globs over "namespace/name". What is absent fits everything.
struct KnownCell {
  std::string from = "*";
  std::string to = "*";
  std::optional<Port> port;
  std::optional<Protocol> protocol;
};

struct KnownDeviation {
  /// A glob over the names of cases.
  std::string case_glob;
  /// None: every cell of these cases.
  std::vector<KnownCell> cells;
  std::string reason;
  /// Where it is documented; may be empty.
  std::string source;
  Location where;
  /// It need not show in every run (it depends on timing, or on the way a plugin is set up), so it
  /// is never told to be removed.
  bool sometimes = false;
};

/// A list of known deviations, as a file has it.
struct KnownList {
  std::string name;
  std::string file;
  std::vector<KnownDeviation> deviations;
};

/// Reads a list, strictly; all errors at once, each with its place.
Checked<KnownList> read_known_text(std::string_view text, const std::string& file_name);
Checked<KnownList> read_known(const std::filesystem::path& file);

}  // namespace nettest
