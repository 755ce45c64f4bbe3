#include "harness/process/line_child.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/process/process_support.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

class LineChildTest : public testing::Test {
 protected:
  Result<LineChild> start(const ChildSpec& spec) {
    return LineChild::start(reactor,
                            spec,
                            {[this](std::string_view line) { lines.emplace_back(line); },
                             [this](const ChildEnd& how) { end = how; }});
  }
  bool until(const std::function<bool()>& condition) {
    return reactor.run_until(condition, in(seconds(20))) == RunEnd::condition;
  }
  void TearDown() override { EXPECT_TRUE(no_children_left()); }

  Reactor reactor;
  std::vector<std::string> lines;
  std::optional<ChildEnd> end;
};

TEST_F(LineChildTest, AnswersLineByLine) {
  auto child = start(ChildSpec{{"cat"}});
  ASSERT_TRUE(child) << child.error().message;
  for (int i = 0; i < 200; ++i) {
    child->send(std::to_string(i) + "\n");
    ASSERT_TRUE(until([&] { return lines.size() == static_cast<std::size_t>(i) + 1; }));
  }
  EXPECT_EQ(lines.back(), "199");
  EXPECT_FALSE(child->end());
  child->close_input();
  ASSERT_TRUE(until([&] { return end.has_value(); }));
  EXPECT_TRUE(end->success());
}

TEST_F(LineChildTest, PutsLinesTogetherAndDropsAnUnfinishedOne) {
  auto child = start(shell("printf 'a'; sleep 0.05; printf 'b\\r\\n\\nc\\nhalf'; exit 3"));
  ASSERT_TRUE(until([&] { return end.has_value(); }));
  EXPECT_THAT(lines, ElementsAre("ab", "", "c"));
  EXPECT_EQ(end->number, 3);
}

TEST_F(LineChildTest, TakesMoreInputThanAPipeHolds) {
  auto child = start(ChildSpec{{"cat"}});
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "line " + std::to_string(i) + "\n";
  }
  child->send(text);
  child->send("last\n");
  child->close_input();
  ASSERT_TRUE(until([&] { return end.has_value(); }));
  ASSERT_EQ(lines.size(), 100'001U);
  EXPECT_EQ(lines[99'999], "line 99999");
  EXPECT_EQ(lines.back(), "last");
}

TEST_F(LineChildTest, SaysWhyItDied) {
  auto child = start(shell("echo first >&2; echo last words >&2; read x; kill -9 $$"));
  child->send("go\n");
  ASSERT_TRUE(until([&] { return end.has_value(); }));
  EXPECT_EQ(to_string(*end), "killed by signal 9 (Killed): last words");
  EXPECT_EQ(child->end()->last_errors, "first\nlast words");
  child->send("into the void\n");
  child->kill();
}

TEST_F(LineChildTest, KillsAChildThatWritesAnEndlessLine) {
  auto spec = shell("exec tr '\\0' x </dev/zero");
  spec.output_limit = 1000;
  auto child = start(spec);
  ASSERT_TRUE(until([&] { return end.has_value(); }));
  EXPECT_EQ(end->last_errors, "it wrote a line of more than 1000 bytes");
  EXPECT_TRUE(lines.empty());
}

TEST_F(LineChildTest, MayBeDestroyedFromItsOwnCallback) {
  std::optional<LineChild> child;
  int told = 0;
  auto started = LineChild::start(reactor, shell("echo 1; echo 2; sleep 1000"), {[&](auto) {
                                    ++told;
                                    child.reset();
                                  }});
  ASSERT_TRUE(started);
  child.emplace(std::move(*started));
  ASSERT_TRUE(until([&] { return told > 0; }));
  reactor.run_until([] { return false; }, in(milliseconds(20)));
  EXPECT_EQ(told, 1);
}

TEST_F(LineChildTest, KillsTheGroupWhenDestroyed) {
  int grandchild = 0;
  {
    auto child = start(shell("sleep 1000 & echo $!; read x"));
    ASSERT_TRUE(until([&] { return !lines.empty(); }));
    grandchild = std::stoi(lines.front());
    EXPECT_TRUE(runs(grandchild));
  }
  // It is nobody's child of ours: the kernel may need a moment to end it.
  EXPECT_TRUE(reactor.run_until(
                  [&] {
                    reactor.wake();
                    return !runs(grandchild);
                  },
                  in(seconds(20))) == RunEnd::condition);
  EXPECT_FALSE(end.has_value());
}

TEST_F(LineChildTest, LeavesNoDescriptorsBehind) {
  ASSERT_TRUE(start(ChildSpec{{"true"}}));
  reactor.run_until([] { return false; }, in(milliseconds(1)));
  const auto before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    auto child = start(ChildSpec{{"cat"}});
    ASSERT_TRUE(child);
    child->send("x\n");
    if (i % 2 == 0) {
      const auto wanted = lines.size() + 1;
      ASSERT_TRUE(until([&] { return lines.size() == wanted; }));
    }
  }
  reactor.run_until([] { return false; }, in(milliseconds(1)));
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace nettest
