// Finds and reads manifest files. Touches the file system and standard input.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "suites/manifests.hpp"

namespace nettest {

/// Reads files, directories (recursively: *.yaml, *.yml, *.json, in order of their names) and "-"
/// (`input`). A directory without any manifest file, a missing file and a path that cannot be read
/// are errors.
Checked<Inventory> read_manifests(const std::vector<std::string>& paths,
                                  const ManifestOptions& options,
                                  std::istream& input);

}  // namespace nettest
