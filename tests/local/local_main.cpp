// Enters a private world before GoogleTest starts anything, as `nettest run` does.
#include <gtest/gtest.h>

#include "harness/local/private_world.hpp"
#include "tests/local/packet_world.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) {
    return RUN_ALL_TESTS();
  }
  const auto result = nettest::run_in_private_world([] { return RUN_ALL_TESTS(); });
  if (result) {
    return *result;
  }
  // Without a world every test says why it is skipped; a world that was killed is a failure.
  nettest::why_no_world() = result.error().message;
  return result.error().message.find("killed") == std::string::npos ? RUN_ALL_TESTS() : 1;
}
