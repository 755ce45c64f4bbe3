// Whole outputs of the static commands: tests/static/golden/NAME holds `args` (one argument per
// line; {} is the folder, {suites} the shipped suites), manifests, and what is expected: `out`,
// `err`, `code`. NETTEST_UPDATE_GOLDEN=1 writes them anew, and then skips.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "tests/static/run_static.hpp"

namespace nettest {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = fs::path(NETTEST_SOURCE_DIR) / "tests/static/golden";
const fs::path kSuites = fs::path(NETTEST_SOURCE_DIR) / "suites";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string with_places(const std::string& text) {
  return replaced(replaced(text, "{}", kRoot.string()), "{suites}", kSuites.string());
}

std::string without_places(const std::string& text) {
  return replaced(replaced(text, kRoot.string(), "{}"), kSuites.string(), "{suites}");
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    if (fs::exists(entry.path() / "args")) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, OutputIsAsWritten) {
  const fs::path folder = kRoot / GetParam();
  std::vector<std::string> args;
  for (const std::string& line : split(read(folder / "args"), '\n')) {
    if (!line.empty()) {
      args.push_back(with_places(line));
    }
  }
  const auto ran = test::run_static(args, read(folder / "in"));
  const std::vector<std::pair<std::string, std::string>> parts = {
      {"out", without_places(ran.out)},
      {"err", without_places(ran.err)},
      {"code", std::to_string(ran.code) + "\n"}};
  const bool update = std::getenv("NETTEST_UPDATE_GOLDEN") != nullptr;
  for (const auto& [name, text] : parts) {
    if (update) {
      std::ofstream(folder / name, std::ios::binary) << text;
    } else {
      EXPECT_EQ(read(folder / name), text) << name;
    }
  }
  if (update) {
    GTEST_SKIP() << "written anew";
  }
}

INSTANTIATE_TEST_SUITE_P(Static, Golden, testing::ValuesIn(cases()), [](const auto& chosen) {
  return replaced(chosen.param, "-", "_");
});

}  // namespace
}  // namespace nettest
