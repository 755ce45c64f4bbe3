// What the command line says of the shipped suites: the words of a person's first minutes, whole.
// NETTEST_UPDATE_GOLDEN=1 writes them anew, and then skips.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/process.hpp"

namespace nettest {
namespace {

namespace fs = std::filesystem;

Finished nettest(const std::vector<std::string>& args) {
  Launch launch;
  launch.args = {NETTEST_FAKE};
  launch.args.insert(launch.args.end(), args.begin(), args.end());
  launch.folder = NETTEST_SOURCE_DIR;
  return run_process(launch);
}

void expect_golden(const std::string& name, const std::string& text) {
  const fs::path file = fs::path(NETTEST_SOURCE_DIR) / "tests/golden/cli" / name;
  if (std::getenv("NETTEST_UPDATE_GOLDEN") != nullptr) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    GTEST_SKIP() << "wrote " << file;
  }
  std::ostringstream kept;
  kept << std::ifstream(file).rdbuf();
  EXPECT_EQ(text, kept.str());
}

TEST(ShippedSuites, TheWalkthroughAsWrittenIsRefusedWithTheLabelsThatAreMissing) {
  const auto run = nettest({"run", "suites/walkthrough-as-written.yaml"});
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(run.out, "");
  expect_golden("walkthrough-as-written.txt", run.err);
}

TEST(ShippedSuites, TheMainJobIsPredictedAsItsAuthorExpects) {
  const auto simulated = nettest({"simulate", "suites/frontend-backend.yaml"});
  EXPECT_EQ(simulated.code, 0) << simulated.err;
  expect_golden("frontend-backend-simulated.txt", simulated.out);
}

}  // namespace
}  // namespace nettest
