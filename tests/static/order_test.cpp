// The order in which files are named changes nothing.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/static/run_static.hpp"

namespace nettest {
namespace {

std::string file(const std::string& name) {
  return std::string(NETTEST_SOURCE_DIR) + "/tests/static/golden/" + name;
}

class Order : public testing::TestWithParam<std::string> {};

TEST_P(Order, OfFilesChangesNothing) {
  std::vector<std::string> files = {file("shop/policies.yaml"),
                                    file("shop/workloads.yaml"),
                                    file("notes/policy.yaml"),
                                    file("notes/world.yaml"),
                                    file("tangled/policies.yaml")};
  std::sort(files.begin(), files.end());
  std::string first;
  do {
    std::vector<std::string> args = {GetParam(), "-q"};
    args.insert(args.end(), files.begin(), files.end());
    const auto ran = test::run_static(args);
    ASSERT_EQ(ran.code, 0) << ran.err;
    first = first.empty() ? ran.out : first;
    ASSERT_EQ(ran.out, first);
  } while (std::next_permutation(files.begin(), files.end()));
  EXPECT_FALSE(first.empty());
}

INSTANTIATE_TEST_SUITE_P(Commands, Order, testing::Values("list", "explain"));

}  // namespace
}  // namespace nettest
