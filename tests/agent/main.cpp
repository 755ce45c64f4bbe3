// Enters a private network before anything else runs: a user namespace can't be made with threads.
#include <iostream>

#include <gtest/gtest.h>

#include "tests/agent/private_network.hpp"

int main(int argc, char** argv) {
  const auto reason = nettest::enter_private_network();
  if (!reason.empty()) {
    std::cerr << "no private network: " << reason << "\n";
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
