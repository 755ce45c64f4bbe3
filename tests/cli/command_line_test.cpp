#include "harness/cli/command_line.hpp"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/progress.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kEngines = {"local", "kubernetes"};

Result<CommandLine> parse(const std::vector<std::string>& args) {
  return parse_command_line(args, kEngines);
}

TEST(CommandLine, ReadsARun) {
  const auto line = parse({"run",
                           "a.yaml",
                           "--case",
                           "deny*",
                           "b.yaml",
                           "--junit",
                           "j.xml",
                           "--json=-",
                           "-q",
                           "--case",
                           "x",
                           "--timeout",
                           "300ms",
                           "--settle",
                           "2",
                           "--keep",
                           "--color",
                           "never"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->command, "run");
  EXPECT_THAT(line->operands, ElementsAre("a.yaml", "b.yaml"));
  EXPECT_THAT(line->cases, ElementsAre("deny*", "x"));
  EXPECT_EQ(line->reports.junit, "j.xml");
  EXPECT_EQ(line->reports.json, "-");
  EXPECT_EQ(line->reports.markdown, "");
  EXPECT_EQ(line->timeout, milliseconds(300));
  EXPECT_EQ(line->settle, milliseconds(2000));
  EXPECT_EQ(line->engine, "local");
  EXPECT_EQ(line->loudness, Loudness::quiet);
  EXPECT_EQ(line->colour, ColourWish::never);
  EXPECT_TRUE(line->keep);
}

TEST(CommandLine, ShellTakesACommandWithFlagsOfItsOwn) {
  const auto line = parse({"shell", "notes/tester", "wget", "-qO-", "http://web.default"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_THAT(line->operands, ElementsAre("notes/tester", "wget", "-qO-", "http://web.default"));
}

TEST(CommandLine, ShellTakesItsOwnFlagsBeforeThePod) {
  for (const auto& args :
       std::vector<std::vector<std::string>>{{"shell", "--run", "12", "x/a", "--", "ls", "--run"},
                                             {"shell", "--run=12", "x/a", "ls", "--run"}}) {
    const auto line = parse(args);
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->run, "12");
    EXPECT_THAT(line->operands, ElementsAre("x/a", "ls", "--run"));
  }
}

struct Refusal {
  std::vector<std::string> args;
  std::vector<std::string> says;
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, SaysWhatIsWrongAndWhatWouldBeRight) {
  const auto line = parse(GetParam().args);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, ErrorKind::usage);
  for (const auto& words : GetParam().says) {
    EXPECT_THAT(line.error().message, HasSubstr(words));
  }
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine,
    Refused,
    testing::Values(Refusal{{"rnu"}, {"no command \"rnu\"", "did you mean \"run\"?", "simulate"}},
                    Refusal{{"frobnicate"}, {"no command", "Commands: run"}},
                    Refusal{{"run"}, {"SUITE", "nettest run --help"}},
                    Refusal{{"run", "a", "--jnit", "x"}, {"--jnit", "did you mean \"--junit\"?"}},
                    Refusal{{"run", "a", "--junit"}, {"--junit"}},
                    Refusal{{"run", "a", "--engine", "locl"}, {"no engine \"locl\"", "\"local\""}},
                    Refusal{{"run", "a", "--timeout", "0"},
                            {"--timeout", "\"0\" is no time", "500ms"}},
                    Refusal{{"run", "a", "--settle", "-1"}, {"--settle"}},
                    Refusal{{"run", "a", "--color", "sometimes"}, {"auto, always or never"}},
                    Refusal{{"run", "a", "-q", "-v"}, {"exclude"}},
                    Refusal{{"simulate", "a", "-o", "xml"}, {"txt or json"}},
                    Refusal{{"report"}, {"RECORD"}},
                    Refusal{{"help", "shel"}, {"did you mean \"shell\"?"}},
                    Refusal{{"--frob"}, {"--frob"}},
                    Refusal{{"-q"}, {"-q"}},
                    Refusal{{"shell"}, {"POD"}}));

TEST(CommandLine, EveryCommandExplainsItselfWithAnExample) {
  for (const std::string command :
       {"run", "simulate", "report", "shell", "cleanup", "version", "help"}) {
    for (const auto& args : std::vector<std::vector<std::string>>{
             {command, "--help"}, {command, "-h"}, {"help", command}}) {
      const auto line = parse(args);
      ASSERT_TRUE(line) << command << ": " << line.error().message;
      EXPECT_THAT(line->text, HasSubstr("Example:\n  nettest " + command)) << command;
      EXPECT_EQ(line->command, "") << command;
    }
  }
  EXPECT_THAT(parse({"--help"})->text, HasSubstr("nettest run suites/frontend-backend.yaml"));
  EXPECT_THAT(parse({"help"})->text, HasSubstr("Exit codes"));
}

TEST(Duration, IsSecondsUnlessAUnitSaysOtherwise) {
  EXPECT_EQ(parse_duration("10"), std::chrono::seconds(10));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("2m"), std::chrono::minutes(2));
  for (const char* text :
       {"", "s", "0", "-1", "1h", "61m", "nan", "inf", "1e9", "1 s", "1s ", "0x1"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(ParseShard, ReadsOnePartOfMany) {
  EXPECT_EQ(parse_shard("2/3"), std::pair(std::size_t{2}, std::size_t{3}));
  EXPECT_EQ(parse_shard("1/1"), std::pair(std::size_t{1}, std::size_t{1}));
  for (const char* text :
       {"", "/", "1", "0/2", "3/2", "1/", "/2", "1/2/3", "-1/2", "1/2 ", "a/b"}) {
    EXPECT_FALSE(parse_shard(text)) << text;
  }
}

TEST(RunProgress, TellsRateTimeLeftAndMismatches) {
  Progress progress;
  progress.case_count = 230;
  EXPECT_EQ(run_progress(progress, milliseconds(0)), "0/230 cases, 0 mismatches");
  progress.finished = 40;
  progress.mismatches = 1;
  EXPECT_EQ(run_progress(progress, milliseconds(4000)),
            "40/230 cases, 10.0 per second, 19 s left, 1 mismatch");
  progress.case_name = "peers/ingress/ip-block";
  EXPECT_EQ(progress_bar(progress, milliseconds(4000), 60),
            "[###-----------------] 40/230 cases, 10.0 per second, 19 s ");
}

}  // namespace
}  // namespace nettest
