// Runs in parts: lanes, shards, journals and known deviations, over the fake engine.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/outputs.hpp"
#include "tests/support/process.hpp"

namespace nettest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string suite_text() {
  std::string text = R"(apiVersion: nettest/v1
kind: Suite
metadata: {name: parts}
world:
  namespaces: [{name: default}]
  pods:
    - {name: web, namespace: default, labels: {app: web}, ports: [{port: 80}]}
    - {name: tester, namespace: default, labels: {app: tester}}
cases:
)";
  for (int i = 1; i <= 5; ++i) {
    text += "  - name: case/" + std::to_string(i) + "\n    tags: [t" + std::to_string(i % 2) + R"(]
    steps:
      - name: deny
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: deny-web, namespace: default}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
)";
  }
  return text;
}

std::string known_text(const std::string& glob) {
  return "apiVersion: nettest/v1\nkind: KnownDeviations\nknown:\n  - {case: \"" + glob +
         "\", reason: it ignores ingress}\n";
}

class Parts : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) / ("nettest-parts-" + std::to_string(getpid()));
    fs::create_directories(folder);
    write("parts.yaml", suite_text());
  }
  void TearDown() override { fs::remove_all(folder); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder / name).rdbuf();
    return text.str();
  }
  Launch launch(std::vector<std::string> args) const {
    args.insert(args.begin(), NETTEST_FAKE);
    Launch result;
    result.args = std::move(args);
    result.folder = folder.string();
    return result;
  }
  Finished nettest(std::vector<std::string> args) const {
    return run_process(launch(std::move(args)));
  }
  /// The stored report without what may differ from run to run.
  [[nodiscard]] std::string report(const std::string& name) const {
    auto read = parse_report_json(content(name));
    EXPECT_TRUE(read) << name << ": " << content(name);
    if (!read) {
      return name + " can't be read";
    }
    read->facts.run_id.clear();
    read->facts.started = {};
    read->facts.took = {};
    for (auto& suite : read->suites) {
      suite.took = {};
      for (auto& part : suite.cases) {
        part.took = {};
        for (auto& step : part.steps) {
          step.took = {};
          for (auto& comparison : step.comparisons) {
            comparison.enforcement_latency.reset();
            for (auto& attempt : comparison.attempts) {
              attempt.sent = {};
            }
          }
        }
      }
    }
    return render_json(*read);
  }
  [[nodiscard]] std::string whole() const {
    EXPECT_EQ(nettest({"run", "parts.yaml", "--json", "whole.json"}).code, 0);
    return report("whole.json");
  }

  fs::path folder;
};

TEST_F(Parts, LanesGiveTheSameReportAndTheSameText) {
  const auto expected = whole();
  const auto alone = nettest({"run", "parts.yaml", "--lanes", "1"});
  const auto side_by_side = nettest({"run", "parts.yaml", "--lanes", "3", "--json", "lanes.json"});
  EXPECT_EQ(side_by_side.code, 0) << side_by_side.err;
  EXPECT_EQ(report("lanes.json"), expected);
  const auto tables = [](const std::string& text) { return text.substr(0, text.find("1 suite,")); };
  EXPECT_EQ(tables(side_by_side.out).substr(0, 200), tables(alone.out).substr(0, 200));
}

TEST_F(Parts, ShardsPutTogetherAreTheWhole) {
  const auto expected = whole();
  std::vector<std::string> report_args = {"report"};
  for (const std::string shard : {"1", "2"}) {
    const auto run =
        nettest({"run", "parts.yaml", "--shard", shard + "/2", "--json", shard + ".json"});
    EXPECT_EQ(run.code, 0) << run.err;
    report_args.push_back(shard + ".json");
  }
  const auto one = nettest({"report", "1.json", "1.json"});
  EXPECT_EQ(one.code, 2);
  EXPECT_THAT(one.err, HasSubstr("in two of the reports"));
  report_args.insert(report_args.end(), {"--json", "merged.json"});
  const auto merged = nettest(report_args);
  EXPECT_EQ(merged.code, 0) << merged.err;
  EXPECT_EQ(report("merged.json"), expected);
}

TEST_F(Parts, AShardThatIsNoneIsAUsageError) {
  for (const char* shard : {"0/2", "3/2", "1", "a/b", "1/0"}) {
    EXPECT_EQ(nettest({"run", "parts.yaml", "--shard", shard}).code, 2) << shard;
  }
}

TEST_F(Parts, WhatNeedsOneWorldIsRefusedWithLanes) {
  for (const char* flag : {"--keep", "--exact-names"}) {
    const auto run = nettest({"run", "parts.yaml", flag, "--lanes", "2"});
    EXPECT_EQ(run.code, 2) << flag;
    EXPECT_THAT(run.err, HasSubstr(flag));
    EXPECT_THAT(run.err, Not(HasSubstr("fake engine made")));
  }
}

struct End {
  const char* name;
  int signal;
  const char* lanes;
};

class Stopped : public Parts, public testing::WithParamInterface<End> {};

TEST_P(Stopped, IsGoneOnWith) {
  const auto expected = whole();
  auto hanging = launch({"run",
                         "parts.yaml",
                         "-v",
                         "--json",
                         "out.json",
                         "--lanes",
                         GetParam().lanes,
                         "--fake-fault",
                         "hangs-in-third-case"});
  hanging.wait_for = std::string(GetParam().lanes) == "1"
                         ? "case 3/5 \"case/3\", step 1/1 \"deny\": probing"
                         : "case 5/5";
  hanging.then = [](pid_t child) { kill(child, GetParam().signal); };
  const auto stopped = run_process(hanging);
  ASSERT_TRUE(fs::exists(folder / "out.json.journal")) << stopped.err;
  if (GetParam().signal == SIGKILL) {
    EXPECT_EQ(stopped.code, 128 + SIGKILL);
    std::ofstream(folder / "out.json.journal", std::ios::app) << "{\"suite\":\"par";
  } else {
    EXPECT_EQ(stopped.code, 130) << stopped.err;
    EXPECT_THAT(stopped.err, HasSubstr("--resume out.json.journal"));
    EXPECT_THAT(stopped.out, HasSubstr("INTERRUPTED"));
  }
  const auto resumed =
      nettest({"run", "parts.yaml", "-v", "--json", "out.json", "--resume", "out.json.journal"});
  EXPECT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_THAT(resumed.err, Not(HasSubstr("case/1"))) << "it is done";
  EXPECT_EQ(report("out.json"), expected);
  EXPECT_FALSE(fs::exists(folder / "out.json.journal")) << "all is in the report";
}

INSTANTIATE_TEST_SUITE_P(Run,
                         Stopped,
                         testing::Values(End{"interrupted", SIGINT, "1"},
                                         End{"killed", SIGKILL, "1"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Parts, AJournalOfAnotherRunIsRefused) {
  nettest({"run", "parts.yaml", "--journal", "j"});
  ASSERT_TRUE(fs::exists(folder / "j")) << "kept, because it was asked for";
  write("parts.yaml", suite_text() + "# touched\n");
  const auto other = nettest({"run", "parts.yaml", "--resume", "j"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("cannot go on with j"));
  EXPECT_THAT(other.err, HasSubstr("nothing was deployed"));
  write("parts.yaml", suite_text());
  EXPECT_EQ(nettest({"run", "parts.yaml", "--resume", "j"}).code, 0) << "nothing left to do";
  EXPECT_EQ(nettest({"run", "parts.yaml", "--resume", "none"}).code, 2);
}

TEST_F(Parts, InterruptedLanesCleanUpAndReport) {
  auto hanging = launch({"run",
                         "parts.yaml",
                         "--lanes",
                         "2",
                         "--json",
                         "out.json",
                         "--fake-fault",
                         "hangs-in-probe"});
  hanging.wait_for = "case 2/5";
  hanging.then = [](pid_t child) { kill(child, SIGINT); };
  const auto run = run_process(hanging);
  EXPECT_EQ(run.code, 130) << run.err;
  const auto read = parse_report_json(content("out.json"));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->facts.interrupted);
  EXPECT_EQ(read->suites[0].cases.size(), 5U);
}

TEST_F(Parts, KnownDeviationsDoNotFailTheRun) {
  write("known.yaml", known_text("case/*"));
  const auto run =
      nettest({"run", "parts.yaml", "--known", "known.yaml", "--fake-fault", "ignores-ingress"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_THAT(run.out, HasSubstr("known: 1 probe: it ignores ingress"));
  EXPECT_THAT(run.out, HasSubstr("5 known deviations"));
}

TEST_F(Parts, AKnownDeviationThatIsGoneFailsTheRun) {
  write("known.yaml", known_text("case/*"));
  const auto run = nettest({"run", "parts.yaml", "--known", "known.yaml"});
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.out, HasSubstr("known.yaml:4:5"));
  EXPECT_THAT(run.out, HasSubstr("remove it from the list"));
}

TEST_F(Parts, AKnownDeviationOfNoCaseIsNamedBeforeAnythingIsDeployed) {
  write("known.yaml", known_text("cases/*"));
  const auto run = nettest({"run", "parts.yaml", "--known", "known.yaml"});
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("known.yaml:4:5: \"cases/*\" fits no case"));
  EXPECT_THAT(run.err, Not(HasSubstr("fake engine made")));
  const auto builtin = nettest({"run", "parts.yaml", "--known", "builtin:ciliun"});
  EXPECT_EQ(builtin.code, 2);
  EXPECT_THAT(builtin.err, HasSubstr("did you mean \"cilium\"?"));
}

TEST_F(Parts, AKnownDeviationOfACaseThatIsNotChosenIsNoMisfit) {
  write("known.yaml", known_text("case/3"));
  const auto run = nettest({"run", "parts.yaml", "--known", "known.yaml", "--tag", "t0"});
  EXPECT_EQ(run.code, 0) << run.err;
}

TEST_F(Parts, AKnownDeviationThatMayShowInACaseThatIsNotChosenIsNotGone) {
  write("known.yaml", known_text("case/*"));
  for (const char* choice : {"--tag=t0", "--case=case/1"}) {
    const auto run = nettest({"run", "parts.yaml", "--known", "known.yaml", choice});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
  }
  write("known.yaml", known_text("case/1"));
  EXPECT_EQ(nettest({"run", "parts.yaml", "--known", "known.yaml", "--case=case/1"}).code, 1);
}

TEST_F(Parts, EveryListThatShipsIsRead) {
  for (const auto& entry : fs::directory_iterator(fs::path(NETTEST_SOURCE_DIR) / "suites/known")) {
    const auto name = "builtin:" + entry.path().stem().string();
    EXPECT_EQ(nettest({"run", "parts.yaml", "--known", name}).code, 0) << name;
  }
}

}  // namespace
}  // namespace nettest
