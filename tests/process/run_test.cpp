#include "harness/process/run.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/interrupt.hpp"
#include "harness/process/descriptor.hpp"
#include "harness/process/line_child.hpp"
#include "tests/process/process_support.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class RunChild : public testing::Test {
 protected:
  Result<ChildResult> run(const ChildSpec& spec,
                          const std::string& input = "",
                          milliseconds limit = seconds(20)) {
    return run_child(reactor, spec, input, in(limit));
  }
  // The kernel may need a moment to end what was killed.
  bool gone(const std::string& pid) {
    return reactor.run_until(
               [&] {
                 reactor.wake();
                 return !runs(std::stoi(pid));
               },
               in(seconds(20))) == RunEnd::condition;
  }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  Reactor reactor;
};

TEST_F(RunChild, GivesInputAndReturnsBothOutputsAndTheExitCode) {
  const auto result = run(shell("cat; echo oops >&2; exit 7"), "hello");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output, "hello");
  EXPECT_EQ(result->errors, "oops\n");
  EXPECT_EQ(to_string(result->end), "exit code 7: oops");
  EXPECT_FALSE(result->timed_out);
}

TEST_F(RunChild, TellsASignalFromAnExitCode) {
  const auto killed = run(shell("kill -9 $$"));
  ASSERT_TRUE(killed);
  EXPECT_EQ(to_string(killed->end), "killed by signal 9 (Killed)");
  const auto exited = run(shell("exit 9"));
  ASSERT_TRUE(exited);
  EXPECT_EQ(to_string(exited->end), "exit code 9");
}

TEST_F(RunChild, SaysWhichProgramIsMissingAndWhereItWasLookedFor) {
  const auto result = run(ChildSpec{{"no-such-program"}, {"PATH=/bin:/usr/bin"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "no-such-program: not found in PATH (/bin:/usr/bin)");
  EXPECT_EQ(run(ChildSpec{{"/no/such"}}).error().message, "/no/such: No such file or directory");
  EXPECT_EQ(run(ChildSpec{{"/etc/passwd"}}).error().message, "/etc/passwd: Permission denied");
  EXPECT_FALSE(run(ChildSpec{}));
}

TEST_F(RunChild, SaysWhenANamespaceOrTheDirectoryIsRefused) {
  auto spec = shell("true");
  spec.namespaces = {0};
  EXPECT_THAT(run(spec).error().message, HasSubstr("setns of namespace descriptor 0"));
  spec = shell("true");
  spec.directory = "/no/such";
  EXPECT_EQ(run(spec).error().message, "sh: working directory /no/such: No such file or directory");
}

TEST_F(RunChild, KillsTheWholeGroupAtTheDeadline) {
  const auto before = std::chrono::steady_clock::now();
  const auto result =
      run(shell("trap '' TERM; sleep 1000 & echo $!; sleep 1000"), "", milliseconds(300));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_EQ(to_string(result->end), "killed by signal 9 (Killed)");
  EXPECT_TRUE(gone(result->output));
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(5));
}

TEST_F(RunChild, DoesNotWaitForGrandchildrenThatLeftTheGroupAndHoldThePipes) {
  const auto result = run(shell("setsid sh -c 'echo $$; exec sleep 3' & sleep 0.2; echo done"));
  ASSERT_TRUE(result);
  EXPECT_THAT(result->output, HasSubstr("done\n"));
  EXPECT_LT(result->took, milliseconds(2500));
}

TEST_F(RunChild, KillsGroupMembersThatTheChildLeavesBehind) {
  const auto result = run(shell("sleep 1000 & echo $!"));
  ASSERT_TRUE(result);
  EXPECT_TRUE(gone(result->output));
  EXPECT_LT(result->took, seconds(5));
}

TEST_F(RunChild, ReadsBigOutputWhole) {
  const auto result = run(shell("head -c 10000000 /dev/zero; head -c 200000 /dev/zero >&2"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output.size(), 10'000'000U);
  EXPECT_EQ(result->errors.size(), 200'000U);
}

TEST_F(RunChild, KillsAFlood) {
  auto spec = shell("exec yes");
  spec.output_limit = 100'000;
  const auto result = run(spec);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->flooded);
  EXPECT_EQ(result->output.size(), 100'000U);
}

TEST_F(RunChild, SurvivesAChildThatDoesNotReadItsInput) {
  const auto result = run(shell("exec <&-; echo done"), std::string(1'000'000, 'x'));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "done\n");
}

TEST_F(RunChild, GivesACleanWorld) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, on purpose
  sigset_t blocked;
  sigset_t old;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked, &old);
  const auto result =
      run(shell("ls /proc/self/fd | tr '\\n' ' '; grep -E 'Sig(Blk|Ign)' /proc/self/status; "
                "echo $LC_ALL $HOME $NETTEST_X"));
  sigprocmask(SIG_SETMASK, &old, nullptr);
  ::close(leaked);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "0 1 2 3 SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nC /\n");
}

TEST_F(RunChild, AddsToTheMinimalOrTheInheritedEnvironment) {
  ::setenv("NETTEST_X", "outer", 1);
  auto spec = shell("echo $NETTEST_X");
  EXPECT_EQ(run(spec)->output, "\n");
  spec.inherit_environment = true;
  EXPECT_EQ(run(spec)->output, "outer\n");
  spec.environment = {"NETTEST_X=mine"};
  EXPECT_EQ(run(spec)->output, "mine\n");
  ::unsetenv("NETTEST_X");
}

TEST_F(RunChild, RunsAProgramFromADescriptor) {
  const Descriptor source(::open("/bin/cat", O_RDONLY | O_CLOEXEC));
  const Descriptor memory(::memfd_create("cat", MFD_CLOEXEC));
  std::string buffer(65536, '\0');
  ssize_t got = 0;
  while ((got = ::read(source.get(), buffer.data(), buffer.size())) > 0) {
    ASSERT_EQ(::write(memory.get(), buffer.data(), static_cast<std::size_t>(got)), got);
  }
  ChildSpec spec{{"my-cat"}};
  spec.program = memory.get();
  const auto result = run(spec, "through memory");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output, "through memory");
}

TEST_F(RunChild, EndsAtOnceOnAnInterruptUnlessToldToGoOn) {
  raise_interrupt();
  const auto result = run(shell("sleep 1000"));
  const auto cleaning =
      run_child(reactor, shell("echo clean"), "", in(seconds(20)), OnInterrupt::ignore);
  clear_interrupt();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::interrupted);
  ASSERT_TRUE(cleaning);
  EXPECT_EQ(cleaning->output, "clean\n");
  EXPECT_EQ(run(shell("echo again"))->output, "again\n");
}

TEST_F(RunChild, DiesWithItsParent) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const int parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    Reactor own;
    const auto child = LineChild::start(own, shell("exec sleep 1000"), {[](std::string_view) {}});
    const int pid = child ? child->pid() : 0;
    [[maybe_unused]] const auto written = ::write(pipe[1], &pid, sizeof(pid));
    ::raise(SIGKILL);
  }
  int pid = 0;
  ASSERT_EQ(::read(pipe[0], &pid, sizeof(pid)), static_cast<ssize_t>(sizeof(pid)));
  ::close(pipe[0]);
  ::close(pipe[1]);
  ASSERT_GT(pid, 0);
  int status = 0;
  ASSERT_EQ(::waitpid(parent, &status, 0), parent);
  EXPECT_TRUE(gone(std::to_string(pid)));
}

TEST(RunChildren, RunsSideBySideAndKeepsTheOrder) {
  Reactor reactor;
  std::vector<ChildRun> runs;
  for (int i = 0; i < 20; ++i) {
    runs.push_back({shell("sleep 0.2; echo " + std::to_string(i))});
  }
  const auto before = std::chrono::steady_clock::now();
  const auto results = run_children(reactor, std::move(runs));
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(2));
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(results[i]);
    EXPECT_EQ(results[i]->output, std::to_string(i) + "\n");
  }
}

TEST(RunChildren, LeavesNoZombiesAndNoDescriptorsBehind) {
  Reactor reactor;
  run_children(reactor, {ChildRun{ChildSpec{{"true"}}}});
  const auto before = open_descriptors();
  std::vector<ChildRun> runs;
  for (int i = 0; i < 200; ++i) {
    switch (i % 4) {
      case 0:
        runs.push_back({ChildSpec{{"true"}}});
        break;
      case 1:
        runs.push_back({ChildSpec{{"no-such-program"}}});
        break;
      case 2:
        runs.push_back({ChildSpec{{"sleep", "1000"}}, "", milliseconds(20)});
        break;
      default:
        runs.push_back({ChildSpec{{"cat"}}, std::string(100'000, 'x')});
        break;
    }
  }
  const auto results = run_children(reactor, std::move(runs), 16);
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_TRUE(no_children_left());
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_EQ(results[i].has_value(), i % 4 != 1) << i;
    if (i % 4 != 1) {
      EXPECT_EQ(results[i]->timed_out, i % 4 == 2) << i;
      EXPECT_EQ(results[i]->output.size(), i % 4 == 3 ? 100'000U : 0U) << i;
    }
  }
}

TEST(RunChildren, StopsWhatStillRunsWhenItIsDestroyed) {
  Reactor reactor;
  run_children(reactor, {ChildRun{ChildSpec{{"true"}}}});
  const auto before = open_descriptors();
  {
    const ChildBatch batch(reactor, {ChildRun{shell("sleep 1000")}, ChildRun{shell("sleep 1000")}});
  }
  EXPECT_TRUE(no_children_left());
  reactor.run_until([] { return false; }, in(milliseconds(1)));
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace nettest
