#include "harness/system_clock.hpp"

#include <csignal>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/interrupt.hpp"

namespace nettest {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class Interrupt : public testing::Test {
 protected:
  void SetUp() override { clear_interrupt(); }
  void TearDown() override { clear_interrupt(); }
};

TEST_F(Interrupt, SignalsSetTheFlagAndStayUntilForgotten) {
  install_interrupt_handlers();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_FALSE(interrupted());
    ASSERT_EQ(raise(signal), 0);
    EXPECT_TRUE(interrupted());
    EXPECT_TRUE(interrupted());
    clear_interrupt();
  }
}

TEST_F(Interrupt, ABrokenPipeIsAnErrorAndNoDeath) {
  install_interrupt_handlers();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST_F(Interrupt, SleepsReachTheirDeadline) {
  SystemClock clock;
  const auto deadline = clock.now() + milliseconds(5);
  EXPECT_TRUE(clock.sleep_until(deadline));
  EXPECT_GE(clock.now(), deadline);
  EXPECT_TRUE(clock.sleep_until(deadline - hours(1)));
}

TEST_F(Interrupt, EndsASleepAtOnce) {
  SystemClock clock;
  raise_interrupt();
  EXPECT_FALSE(clock.sleep_until(clock.now() + hours(1)));
  EXPECT_FALSE(clock.sleep_until(clock.now() + hours(1)));
}

TEST_F(Interrupt, EndsASleepThatHasBegunAlsoFromAnotherThread) {
  SystemClock clock;
  std::thread other([] { raise_interrupt(); });
  EXPECT_FALSE(clock.sleep_until(TimePoint::max()));
  other.join();
}

}  // namespace
}  // namespace nettest
