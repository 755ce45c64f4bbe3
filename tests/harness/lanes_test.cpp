// Lanes, shards and the journal, over the fake engine.
#include "harness/lanes.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/interrupt.hpp"
#include "harness/journal.hpp"
#include "results/record.hpp"
#include "tests/support/fake_engine.hpp"
#include "tests/support/small_suite.hpp"

namespace nettest {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// An engine that ends its process in the middle of a case.
class DyingEngine : public FakeEngine {
 public:
  using FakeEngine::FakeEngine;
  Result<AddressBook> apply(std::span<const Change> changes, TimePoint deadline) override {
    for (const auto& change : changes) {
      const auto* policy = std::get_if<ApplyPolicy>(&change.action);
      if (policy != nullptr && policy->policy.id.name == "deadly") {
        kill(getpid(), SIGKILL);
      }
    }
    return FakeEngine::apply(changes, deadline);
  }
};

Suite many_cases() {
  Suite suite = small_suite();
  for (int i = 1; i <= 7; ++i) {
    add_case(suite,
             "case " + std::to_string(i),
             {step("deny", {apply_policy(i % 2 == 0 ? deny_web() : only_testers())})});
  }
  return suite;
}

class Lanes : public testing::Test {
 protected:
  void SetUp() override { clear_interrupt(); }
  void TearDown() override { clear_interrupt(); }

  SuiteResult run_in(int lanes, const Suite& suite, const FakeFaults& faults = {}) {
    LanePlan plan;
    plan.lanes = lanes;
    plan.make_engine = [&](int /*lane*/) -> Result<std::unique_ptr<Engine>> {
      return std::make_unique<DyingEngine>(clock, faults);
    };
    return run_suite_in_lanes(suite, plan, clock, options, observer);
  }

  /// All that does not depend on the time.
  static std::string verdicts(const SuiteResult& result) {
    std::string text;
    for (const auto& part : result.cases) {
      text += std::to_string(part.number) + " " + part.name + "\n";
      for (const auto& step : part.steps) {
        text += step.name + " " + std::to_string(step.rounds) + step.skipped + "\n";
        for (const auto& comparison : step.comparisons) {
          text += to_string(comparison.probe) + " " + std::string(to_string(comparison.agreement)) +
                  explain(comparison.prediction) + comparison.reproduce +
                  std::to_string(comparison.attempts.size()) + "\n";
        }
      }
    }
    return text;
  }

  FakeClock clock;
  RunOptions options;
  RunObserver observer;
};

TEST_F(Lanes, GiveTheSameResultWhateverTheirNumber) {
  FakeEngine engine(clock);
  const Suite suite = many_cases();
  const auto alone = run_suite(suite, engine, clock, options, observer);
  EXPECT_THAT(verdicts(alone), HasSubstr("7 case 7"));
  for (const int lanes : {1, 2, 3, 20}) {
    EXPECT_EQ(verdicts(run_in(lanes, suite)), verdicts(alone)) << lanes << " lanes";
  }
}

TEST_F(Lanes, AskTheSameAfterACaseInWhichPodsWent) {
  FakeEngine engine(clock);
  Suite suite = many_cases();
  suite.cases.front().steps.push_back(step(
      "delete", {{DeletePod{{"default", "web"}}, {}}, {DeletePod{{"default", "tester"}}, {}}}));
  const auto alone = run_suite(suite, engine, clock, options, observer);
  for (const int lanes : {2, 7}) {
    EXPECT_EQ(verdicts(run_in(lanes, suite)), verdicts(alone)) << lanes << " lanes";
  }
}

TEST_F(Lanes, FindTheSameMismatches) {
  FakeFaults faults;
  faults.enforcement.ingress = false;
  FakeEngine engine(clock, faults);
  const Suite suite = many_cases();
  const auto alone = run_suite(suite, engine, clock, options, observer);
  EXPECT_GT(count(alone).mismatched, 0U);
  EXPECT_EQ(verdicts(run_in(3, suite, faults)), verdicts(alone));
}

TEST_F(Lanes, AreToldOfInTheOrderOfTheSuite) {
  std::vector<std::string> steps;
  std::set<std::size_t> cases;
  observer.on_step = [&](const CaseResult& part, const StepResult&) { steps.push_back(part.name); };
  observer.on_case = [&](const CaseResult& part) { cases.insert(part.number); };
  run_in(3, many_cases());
  EXPECT_THAT(steps, SizeIs(7));
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
  EXPECT_THAT(cases, SizeIs(7));
}

TEST_F(Lanes, OneThatDiesCostsItsCaseOnly) {
  Suite suite = many_cases();
  NetworkPolicy deadly = deny_web();
  deadly.id.name = "deadly";
  suite.cases[1].steps[0].changes = {apply_policy(deadly)};
  const auto result = run_in(2, suite);
  ASSERT_THAT(result.cases, SizeIs(7));
  ASSERT_TRUE(result.cases[1].steps[0].error);
  EXPECT_THAT(result.cases[1].steps[0].error->message, HasSubstr("killed by signal 9"));
  EXPECT_EQ(count(result.cases[1]).matched, 0U);
  for (const std::size_t i : {0U, 2U, 3U, 4U, 5U, 6U}) {
    EXPECT_EQ(count(result.cases[i]).matched, 3U) << i;
  }
  EXPECT_TRUE(result.error);
}

TEST_F(Lanes, WithoutAnEngineSaySo) {
  LanePlan plan;
  plan.lanes = 2;
  plan.make_engine = [](int /*lane*/) -> Result<std::unique_ptr<Engine>> {
    return fail(ErrorKind::engine, "no engine today");
  };
  const auto result = run_suite_in_lanes(many_cases(), plan, clock, options, observer);
  ASSERT_TRUE(result.error);
  EXPECT_THAT(result.error->message, HasSubstr("no engine today"));
  ASSERT_THAT(result.cases, SizeIs(7));
  EXPECT_EQ(count(result).probes, 0U);
}

TEST_F(Lanes, EndOnAnInterrupt) {
  FakeFaults faults;
  faults.hangs_at = {EngineCall::probe, 2};
  observer.on_progress = [](const Progress& progress) {
    if (progress.case_number == 2) {
      raise_interrupt();
    }
  };
  const auto result = run_in(2, many_cases(), faults);
  ASSERT_THAT(result.cases, SizeIs(7));
  EXPECT_EQ(result.cases[6].steps[0].skipped, "interrupted");
  EXPECT_EQ(count(result).matched, 0U);
}

TEST_F(Lanes, ShardsAreDisjointAndWhole) {
  const Suite suite = many_cases();
  std::multiset<std::size_t> numbers;
  for (std::size_t i = 1; i <= 3; ++i) {
    options.shard = Shard{i, 3};
    for (const auto& chosen : choose_cases(suite, options)) {
      numbers.insert(chosen.number);
    }
    EXPECT_EQ(begun_result(suite, options).chosen, 7U);
  }
  EXPECT_EQ(numbers, (std::multiset<std::size_t>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(is_of_shard("peers/ingress", {1, 2}), is_of_shard("peers/ingress", {1, 2}));
}

class JournalFile : public Lanes {
 protected:
  void SetUp() override {
    Lanes::SetUp();
    path = (std::filesystem::path(testing::TempDir()) /
            ("nettest-journal-" + std::to_string(getpid())))
               .string();
    facts.run_id = "r1";
    facts.engine = "fake";
    facts.configuration = "c";
  }
  void TearDown() override { std::remove(path.c_str()); }

  void write_all(const SuiteResult& result) const {
    auto journal = Journal::begin(path, facts);
    ASSERT_TRUE(journal);
    for (const auto& part : result.cases) {
      ASSERT_TRUE(journal->add({"small", part}));
    }
  }

  std::string path;
  RunFacts facts;
};

TEST_F(JournalFile, GivesBackWhatWasWritten) {
  FakeEngine engine(clock, *fake_fault("ignores-ingress"));
  const auto result = run_suite(many_cases(), engine, clock, options, observer);
  write_all(result);
  const auto content = read_journal(path);
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(content->facts.run_id, "r1");
  SuiteResult again;
  for (const auto& record : content->cases) {
    EXPECT_EQ(record.suite, "small");
    again.cases.push_back(record.result);
  }
  EXPECT_EQ(verdicts(again), verdicts(result));
}

TEST_F(JournalFile, ForgivesALastLineThatIsHalfWritten) {
  FakeEngine engine(clock);
  write_all(run_suite(many_cases(), engine, clock, options, observer));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 10);
  const auto content = read_journal(path);
  ASSERT_TRUE(content);
  EXPECT_THAT(content->cases, SizeIs(6));
  auto journal = Journal::go_on(path, content->whole_bytes);
  ASSERT_TRUE(journal);
  ASSERT_TRUE(journal->add(content->cases[0]));
  EXPECT_THAT(read_journal(path)->cases, SizeIs(7));
}

TEST_F(JournalFile, RefusesWhatIsNone) {
  EXPECT_FALSE(read_journal("/nonexistent"));
  std::ofstream(path) << "{\"format\": \"else\"}\n";
  const auto content = read_journal(path);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().kind, ErrorKind::usage);
  EXPECT_THAT(content.error().message, HasSubstr("is no journal of a run"));
}

TEST_F(JournalFile, NamesTheJournalBesideAReportThatIsGivenInItsPlace) {
  const std::string report = path + ".json";
  std::ofstream(report) << "{\n";
  std::ofstream(report + ".journal") << "\n";
  const auto content = read_journal(report);
  std::filesystem::remove(report);
  std::filesystem::remove(report + ".journal");
  ASSERT_FALSE(content);
  EXPECT_THAT(content.error().message, HasSubstr(report + ".journal"));
}

TEST_F(JournalFile, IsOfOneRunOnly) {
  RunFacts other = facts;
  EXPECT_THAT(journal_misfit(facts, other), IsEmpty());
  other.engine = "kubernetes";
  EXPECT_THAT(journal_misfit(facts, other), HasSubstr("engine"));
  other = facts;
  other.configuration = "d";
  EXPECT_THAT(journal_misfit(facts, other), HasSubstr("suites"));
  other = facts;
  other.nettest_version = "9";
  EXPECT_THAT(journal_misfit(other, facts), HasSubstr("nettest 9"));
  other = facts;
  other.shard = "1/2";
  EXPECT_THAT(journal_misfit(facts, other), HasSubstr("shard 1/2"));
}

}  // namespace
}  // namespace nettest
