// Lints texts and files as `nettest lint` does.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "probes/lint/lint.hpp"

namespace nettest::test {

inline const std::filesystem::path kLintGolden =
    std::filesystem::path(NETTEST_SOURCE_DIR) / "tests/lint/golden";

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::set<LintRule> every_rule() {
  std::set<LintRule> rules;
  for (const LintRuleInfo& info : lint_rules()) {
    rules.insert(info.rule);
  }
  return rules;
}

/// The inventory of some texts, by file name.
inline Inventory inventory_of(const std::vector<std::pair<std::string, std::string>>& files) {
  ManifestOptions options;
  options.keep_faults = true;
  ManifestReader reader(options);
  for (const auto& [name, text] : files) {
    reader.add(text, name);
  }
  auto inventory = reader.finish();
  if (!inventory) {
    for (const Error& error : inventory.error()) {
      ADD_FAILURE() << to_string(error);
    }
    return {};
  }
  return std::move(*inventory);
}

inline LintResult lint_texts(const std::vector<std::pair<std::string, std::string>>& files,
                             bool whole_cluster = false) {
  const Inventory inventory = inventory_of(files);
  return lint(lint_input(inventory, whole_cluster), every_rule());
}

/// Compares with a golden file; NETTEST_UPDATE_GOLDEN=1 writes it, and then skips.
inline void expect_golden(const std::filesystem::path& file, const std::string& text) {
  if (std::getenv("NETTEST_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
    GTEST_SKIP() << "written anew";
  }
  EXPECT_EQ(read_file(file), text) << file;
}

}  // namespace nettest::test
