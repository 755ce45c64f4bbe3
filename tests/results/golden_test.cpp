// Everything a person or a script reads, compared as whole text with tests/golden/results.
// NETTEST_UPDATE_GOLDEN=1 rewrites the files, and then skips: read the difference before use.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/results/golden_reports.hpp"

namespace nettest {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  return fs::path(NETTEST_SOURCE_DIR) / "tests" / "golden" / "results";
}

bool updating() {
  const char* const value = std::getenv("NETTEST_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

std::string render(const Report& report, const std::string& output) {
  static const std::map<std::string, std::string (*)(const Report&)> kRenderers = {
      {"text-80.txt",
       [](const Report& r) {
         return render_text(r, {false, 80});
       }},
      {"text-120-colour.txt",
       [](const Report& r) {
         return render_text(r, {true, 120});
       }},
      {"text-0.txt",
       [](const Report& r) {
         return render_text(r, {false, 0});
       }},
      {"junit.xml", [](const Report& r) { return render_junit(r); }},
      {"report.json", [](const Report& r) { return render_json(r); }},
      {"report.md", [](const Report& r) { return render_markdown(r); }},
      {"simulation.json",
       [](const Report& r) { return render_simulation_json(test::simulation_of(r)); }},
      {"simulation-80.txt", [](const Report& r) {
         return render_simulation(test::simulation_of(r), {false, 80});
       }}};
  return kRenderers.at(output)(report);
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class Golden : public testing::TestWithParam<test::GoldenCase> {};

TEST_P(Golden, OutputsAreAsKept) {
  const auto& [name, make, outputs] = GetParam();
  const Report report = make();
  const fs::path home = folder() / name;
  for (const auto& output : outputs) {
    const std::string text = render(report, output);
    if (updating()) {
      fs::create_directories(home);
      std::ofstream(home / output, std::ios::binary) << text;
      continue;
    }
    ASSERT_TRUE(fs::exists(home / output))
        << "no golden file; make it with NETTEST_UPDATE_GOLDEN=1 and read it";
    EXPECT_EQ(text, read(home / output)) << name << "/" << output;
  }
  if (updating()) {
    GTEST_SKIP() << "rewrote the golden files of " << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases,
                         Golden,
                         testing::ValuesIn(test::golden_cases()),
                         [](const auto& golden) {
                           std::string name = golden.param.name;
                           for (char& c : name) {
                             c = c == '-' ? '_' : c;
                           }
                           return name;
                         });

TEST(GoldenReports, AreReadBackWholeFromJson) {
  for (const auto& golden : test::golden_cases()) {
    const auto& outputs = golden.outputs;
    if (std::find(outputs.begin(), outputs.end(), "report.json") == outputs.end()) {
      continue;  // kept without JSON, for its size
    }
    SCOPED_TRACE(golden.name);
    const Report original = golden.report();
    const std::string text = render_json(original);
    const auto report = parse_report_json(text);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(render_json(*report), text);
    if (golden.name != "hostile") {
      // Bytes that are no UTF-8 do not survive JSON; all else does.
      EXPECT_EQ(render_text(*report, {}), render_text(original, {}));
      EXPECT_EQ(render_junit(*report), render_junit(original));
    }
  }
}

TEST(GoldenFiles, AreAllMadeBySomeCase) {
  std::set<fs::path> wanted;
  for (const auto& golden : test::golden_cases()) {
    for (const auto& output : golden.outputs) {
      wanted.insert(folder() / golden.name / output);
    }
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder())) {
    if (entry.is_regular_file()) {
      EXPECT_TRUE(wanted.count(entry.path()) > 0) << entry.path() << " is made by no case";
    }
  }
}

}  // namespace
}  // namespace nettest
