// The lists of known deviations that ship, held against the catalogue that they are for.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "suites/catalogue/catalogue.hpp"
#include "suites/known.hpp"

namespace nettest {
namespace {

bool fits_a_case(const KnownDeviation& deviation, const Suite& suite) {
  return std::any_of(suite.cases.begin(), suite.cases.end(), [&](const Case& one) {
    return glob_matches(deviation.case_glob, one.name);
  });
}

TEST(ShippedKnownLists, EveryEntryFitsACaseAndSaysWhereItIsDocumented) {
  const auto suite = *builtin_suite("conformance");
  std::size_t lists = 0;
  for (const auto& file : std::filesystem::directory_iterator(NETTEST_KNOWN_LISTS)) {
    const auto list = read_known(file.path());
    ASSERT_TRUE(list) << to_string(list.error().front());
    EXPECT_EQ(list->name, file.path().stem());
    ++lists;
    for (const auto& deviation : list->deviations) {
      const auto entry = to_string(deviation.where) + ": " + deviation.case_glob;
      EXPECT_TRUE(fits_a_case(deviation, suite)) << entry << " fits no case";
      EXPECT_EQ(deviation.source.rfind("https://", 0), 0U) << entry;
    }
  }
  EXPECT_EQ(lists, 7U);
}

}  // namespace
}  // namespace nettest
