// Every bad input ends in errors that say what is wrong, where, and what would be right.
// tests/golden/suite-errors: NAME.yaml and what reading it says, NAME.txt.
// NETTEST_UPDATE_GOLDEN=1 writes the texts anew, and then skips.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/suite_reader.hpp"

namespace nettest {
namespace {

using testing::HasSubstr;

std::filesystem::path golden_folder() {
  return std::filesystem::path(NETTEST_SOURCE_DIR) / "tests/golden/suite-errors";
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The errors with paths relative to `folder`, one in a line.
std::string errors_of(const Checked<Suite>& suite, const std::filesystem::path& folder) {
  std::string text;
  for (const auto& error : suite ? Errors{} : suite.error()) {
    text += to_string(error) + "\n";
  }
  const std::string prefix = folder.string() + "/";
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    text.erase(at, prefix.size());
  }
  return text;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    if (entry.path().extension() == ".yaml") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class SuiteErrors : public testing::TestWithParam<std::string> {};

TEST_P(SuiteErrors, AreAllReportedAtOnce) {
  const auto file = golden_folder() / (GetParam() + ".yaml");
  const auto said = errors_of(read_suite(file), golden_folder());
  const auto golden = golden_folder() / (GetParam() + ".txt");
  if (std::getenv("NETTEST_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(golden) << said;
    GTEST_SKIP() << "wrote " << golden;
  }
  EXPECT_FALSE(said.empty());
  EXPECT_EQ(said, contents(golden));
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Golden, SuiteErrors, testing::ValuesIn(golden_names()), test_name);

/// A folder of its own for each test, removed with it.
class HostileFile : public testing::Test {
 protected:
  HostileFile()
      : folder_(std::filesystem::temp_directory_path() /
                ("nettest-hostile-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~HostileFile() override { std::filesystem::remove_all(folder_); }

  std::string read(std::string_view text) {
    const auto file = folder_ / "s.yaml";
    std::ofstream(file, std::ios::binary) << text;
    return errors_of(read_suite(file), folder_);
  }

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

TEST_F(HostileFile, Empty) {
  EXPECT_EQ(read(""), "s.yaml: the file is empty\n");
}

TEST_F(HostileFile, Missing) {
  EXPECT_EQ(errors_of(read_suite(folder() / "none.yaml"), folder()),
            "none.yaml: cannot be read: No such file or directory\n");
}

TEST_F(HostileFile, ADirectory) {
  EXPECT_EQ(errors_of(read_suite(folder()), folder().parent_path()),
            folder().filename().string() + ": is a directory, a file is wanted\n");
}

TEST_F(HostileFile, ABinary) {
  EXPECT_EQ(read(std::string_view("\x7F"
                                  "ELF\x02\x01\x01\0\0\0",
                                  10)),
            "s.yaml:1:1: control character \\x7f: this is no text file, or it is damaged\n");
  EXPECT_EQ(read("PK\x03\x04 zip"),
            "s.yaml:1:3: control character \\x03: this is no text file, or it is damaged\n");
}

TEST_F(HostileFile, OfAHundredMegabytes) {
  const auto file = folder() / "big.yaml";
  { std::ofstream(file) << "apiVersion: nettest/v1\n"; }
  std::filesystem::resize_file(file, std::uintmax_t{100} << 20U);
  EXPECT_EQ(errors_of(read_suite(file), folder()),
            "big.yaml: too large: 100 MiB, the limit is 64 MiB; split it into several files\n");
}

TEST_F(HostileFile, WithNulOrBadUtf8) {
  EXPECT_EQ(read(std::string_view("kind: Su\0ite\n", 13)),
            "s.yaml:1:9: control character \\x00 (NUL): this is no text file, or it is damaged\n");
  EXPECT_EQ(read("kind: Suite\nname: caf\xE9\n"),
            "s.yaml:2:10: byte \\xe9 is not UTF-8; save the file as UTF-8 (or is it no text "
            "file?)\n");
}

TEST_F(HostileFile, AnAliasBomb) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'm'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    text += std::string(1, c) + ": &" + c + " [*" + before;
    for (int i = 0; i < 8; ++i) {
      text += ", *" + before;
    }
    text += "]\n";
  }
  EXPECT_THAT(read(text), HasSubstr("more than 12000000 values"));
}

TEST_F(HostileFile, NestedTenThousandDeep) {
  EXPECT_EQ(read(std::string(10'000, '[')), "s.yaml:1:101: nested more than 200 levels deep\n");
}

TEST_F(HostileFile, WithHugeNumbers) {
  EXPECT_EQ(read("apiVersion: nettest/v1\nkind: Suite\nmetadata: {name: s}\nworld:\n"
                 "  namespaces: [{name: x}]\n  pods: [{name: a, namespace: x, ports: [{port: " +
                 std::string(300, '9') + "}]}]\ncases: [{name: c, steps: [{name: s}]}]\n"),
            "s.yaml:6:49: port: " + std::string(80, '9') + "… is not in 1 to 65535\n");
}

TEST_F(HostileFile, WithAThousandMistakesDoesNotFloodTheTerminal) {
  std::string text = "apiVersion: nettest/v1\nkind: Suite\nmetadata: {name: s}\nworld:\n  pods:\n";
  for (int i = 0; i < 3000; ++i) {
    text += "    - {name: a" + std::to_string(i) + ", namespace: nowhere}\n";
  }
  text += "cases: [{name: c, steps: [{name: s}]}]\n";
  EXPECT_THAT(read(text), HasSubstr("s.yaml: and 2000 more errors\n"));
}

}  // namespace
}  // namespace nettest
