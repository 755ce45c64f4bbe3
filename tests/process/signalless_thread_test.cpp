#include "harness/process/signalless_thread.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

sigset_t mask_here() {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

TEST(SignallessThread, BlocksTheSignalsThatAnInterruptSendsThereAndNotHere) {
  sigset_t there;
  signalless_thread([&] { there = mask_here(); }).join();
  const sigset_t here = mask_here();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
    EXPECT_EQ(sigismember(&there, number), 1) << number;
    EXPECT_EQ(sigismember(&here, number), 0) << number;
  }
}

}  // namespace
}  // namespace nettest
