// The policy files that a suite names, each read once. Touches the file system for reading.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "suites/fields.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

class PolicyFiles {
 public:
  /// Paths are relative to `base`; what is wrong in a file goes to `findings`, once.
  PolicyFiles(std::filesystem::path base, Findings& findings);

  /// The policies of the file that `node` names, or nullptr when it is not readable.
  const std::vector<NetworkPolicy>* read(const Node& node, const std::string& path);

 private:
  std::optional<std::vector<NetworkPolicy>> load(const Node& node,
                                                 const std::filesystem::path& file);

  std::filesystem::path base_;
  Findings& findings_;
  std::map<std::filesystem::path, std::optional<std::vector<NetworkPolicy>>> read_;
};

}  // namespace nettest
