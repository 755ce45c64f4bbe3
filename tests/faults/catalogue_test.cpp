// The list of faults: complete, well told, and as docs/faults.md has it.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "harness/local/faults/fault.hpp"
#include "harness/local/faults/fault_classes.hpp"
#include "harness/local/faults/listed.hpp"
#include "suites/bug_class.hpp"

namespace nettest {
namespace {

TEST(FaultCatalogue, HasEnoughFaultsUnderNamesOfTheirOwn) {
  EXPECT_GE(all_faults().size(), 80U);
  std::set<std::string> names;
  for (const Fault& fault : all_faults()) {
    EXPECT_TRUE(names.insert(fault.name).second) << fault.name;
    EXPECT_TRUE(std::regex_match(fault.name, std::regex("[a-z0-9]+(-[a-z0-9]+)*"))) << fault.name;
  }
}

TEST(FaultCatalogue, TellsEachFaultInOneSentenceWithReferences) {
  for (const Fault& fault : all_faults()) {
    EXPECT_TRUE(fault.about.ends_with(".")) << fault.name;
    EXPECT_EQ(fault.about.find(". "), std::string::npos) << fault.name;
    EXPECT_FALSE(fault.references.empty()) << fault.name;
    for (const std::string& url : fault.references) {
      EXPECT_TRUE(url.starts_with("https://")) << fault.name << ": " << url;
    }
  }
}

TEST(FaultCatalogue, CoversEveryClassOrSaysWhyNot) {
  std::size_t listed = 0;
  for (const BugClass& one : bug_classes()) {
    const auto number =
        std::count_if(all_faults().begin(), all_faults().end(), [&](const Fault& fault) {
          return fault.bug_class == one.code;
        });
    EXPECT_EQ(number == 0, !left_out(one.code).empty()) << one.code;
    listed += static_cast<std::size_t>(number);
  }
  EXPECT_EQ(listed, all_faults().size()) << "a fault of an unknown class";
}

TEST(FaultCatalogue, IsWhatTheDocumentSays) {
  const std::string path = std::string(NETTEST_SOURCE_DIR) + "/docs/faults.md";
  const std::string wanted = render_faults_markdown(listed_faults());
  if (std::getenv("NETTEST_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << wanted;
    GTEST_SKIP() << "rewritten: " << path;
  }
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), wanted) << "run this test with NETTEST_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace nettest
