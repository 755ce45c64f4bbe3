// The built command line, over the fake engine: exit codes, streams, files,
// signals.
#include <csignal>
#include <cstdlib>
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
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSuite = R"(apiVersion: nettest/v1
kind: Suite
metadata: {name: small}
world:
  namespaces: [{name: default}, {name: notes}]
  pods:
    - {name: web, namespace: default, labels: {app: web}, ports: [{port: 80, serve: http}]}
    - {name: tester, namespace: default, labels: {app: tester}}
    - {name: tester, namespace: notes, labels: {app: tester}}
  services:
    - {name: web, namespace: default, selector: {app: web}, ports: [{port: 80}]}
cases:
  - name: deny, then open
    steps:
      - name: no policy
        expect: [{allow: "*/* -> *"}]
      - name: deny
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: deny-web, namespace: default}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
        expect: [{deny: "*/* -> *"}, {allow: "default/web -> default/web"}]
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The last line of a text.
std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  const auto begin = text.rfind('\n', end);
  return text.substr(begin + 1, end - begin);
}

class Cli : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) / ("nettest-cli-" + std::to_string(getpid()));
    fs::create_directories(folder);
    write("small.yaml", kSuite);
  }
  void TearDown() override { fs::remove_all(folder); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
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
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder;
};

TEST_F(Cli, APassingRunPrintsMatricesToStdoutAndExitsZero) {
  const auto run = nettest({"run", "small.yaml"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("small: deny, then open"));
  EXPECT_THAT(run.out, HasSubstr("PASSED"));
  EXPECT_THAT(run.out, Not(HasSubstr("\x1b"))) << "no colour outside of a terminal";
  EXPECT_THAT(run.err, HasSubstr("step 2/2 \"deny\""));
  EXPECT_THAT(run.err, Not(HasSubstr("\r"))) << "no bar outside of a terminal";
}

TEST_F(Cli, WrongEnforcementExitsOneWithTheFourLines) {
  const auto run = nettest({"run", "small.yaml", "--fake-fault", "ignores-ingress"});
  EXPECT_EQ(run.code, 1) << run.err;
  for (const char* line : {"Expected:", "Actual:", "Because:", "Reproduce:", "FAILED"}) {
    EXPECT_THAT(run.out, HasSubstr(line));
  }
}

TEST_F(Cli, FaultsAreListedAndExistOnlyInTheLocalEngine) {
  const auto list = nettest({"faults", "--class", "B1"});
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("ignore-except"));
  EXPECT_THAT(list.out, Not(HasSubstr("endport-ignored")));
  EXPECT_THAT(nettest({"faults", "--json"}).out, HasSubstr("\"name\": \"endport-ignored\""));
  const auto unknown = nettest({"faults", "--class", "Z9"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no class \"Z9\"; there is: P1, P2"));

  const auto run = nettest({"run", "small.yaml", "--fault", "ignore-except"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("faults exist only in the local engine"));
  EXPECT_THAT(run.err, Not(HasSubstr("fake engine made")));
}

TEST_F(Cli, MutateEditsPoliciesWithoutAnyEngine) {
  const auto edits = nettest({"mutate", "--policies", "small.yaml"});
  EXPECT_EQ(edits.code, 0) << edits.err << edits.out;
  EXPECT_THAT(edits.out, HasSubstr("small.yaml:"));
  EXPECT_THAT(edits.out, HasSubstr("delete the policy"));
  EXPECT_THAT(nettest({"mutate", "small.yaml", "--fault", "ignore-exept"}).err,
              HasSubstr("did you mean \"ignore-except\"?"));
  const auto none = nettest({"mutate", "small.yaml"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("faults exist only in the local engine"));
}

TEST_F(Cli, AnErrorOfSeveralLinesCanBeCopied) {
  const auto refused = nettest({"run", "small.yaml", "--fake-refusal"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.out, HasSubstr("this user may not; grant it:\n"));
  EXPECT_THAT(refused.out, Not(HasSubstr("ClusterRole")));
  EXPECT_THAT(refused.err,
              HasSubstr("this user may not; grant it:\nkind: ClusterRole\nrules: []\n"));
}

TEST_F(Cli, WhatCannotBeJudgedExitsThree) {
  EXPECT_EQ(nettest({"run", "small.yaml", "--fake-fault", "dead-server"}).code, 3);
  EXPECT_EQ(nettest({"run", "small.yaml", "--fake-fault", "deploy-fails"}).code, 3);
  EXPECT_EQ(nettest({"run", "small.yaml", "--fake-fault", "namespace-stuck"}).code, 3);
}

TEST_F(Cli, AnInvertedExpectationIsAnErrorBeforeAnythingIsDeployed) {
  write("small.yaml", replaced(kSuite, R"({deny: "*/* -> *"})", R"({allow: "*/* -> *"})"));
  const auto run = nettest({"run", "small.yaml", "--junit", "out.xml"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, HasSubstr("small.yaml:"));
  EXPECT_THAT(run.err, HasSubstr("allow"));
  EXPECT_THAT(run.err, HasSubstr("deny-web"));
  EXPECT_THAT(run.err, HasSubstr("nothing was deployed"));
  EXPECT_THAT(run.err, Not(HasSubstr("fake engine made")));
  EXPECT_FALSE(fs::exists(folder / "out.xml"));
}

TEST_F(Cli, AllErrorsOfAllSuitesAreToldAtOnce) {
  write("a.yaml", replaced(kSuite, "labels: {app: web}", "lables: {app: web}"));
  write("b.yaml", replaced(kSuite, "port: 80, serve", "port: 800000, serve"));
  const auto run = nettest({"run", "a.yaml", "b.yaml", "smal.yaml"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("a.yaml:7:"));
  EXPECT_THAT(run.err, HasSubstr("lables"));
  EXPECT_THAT(run.err, HasSubstr("b.yaml:7:"));
  EXPECT_THAT(run.err, HasSubstr("no file smal.yaml, did you mean \"small.yaml\"?"));
}

TEST_F(Cli, BadInputIsOneClearErrorAndExitTwo) {
  write("empty.yaml", "");
  write("binary.yaml",
        std::string("\x7f"
                    "ELF\0\0\1",
                    7));
  fs::create_directory(folder / "folder.yaml");
  for (const char* name : {"empty.yaml", "binary.yaml", "folder.yaml", "missing.yaml"}) {
    const auto run = nettest({"run", name});
    EXPECT_EQ(run.code, 2) << name;
    EXPECT_THAT(run.err, HasSubstr(name));
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST_F(Cli, UsageErrorsExitTwoWithAHint) {
  EXPECT_EQ(nettest({}).code, 2);
  EXPECT_THAT(nettest({"rnu", "small.yaml"}).err, HasSubstr("did you mean \"run\"?"));
  EXPECT_EQ(nettest({"rnu", "small.yaml"}).code, 2);
  const auto globbed = nettest({"run", "small.yaml", "--case", "dney*"});
  EXPECT_EQ(globbed.code, 2);
  EXPECT_THAT(globbed.err, HasSubstr("deny, then open"));
  EXPECT_EQ(nettest({"run", "small.yaml", "small.yaml", "--keep"}).code, 2);
}

TEST_F(Cli, ReportsAreWrittenWholeAndLeaveNothingElse) {
  const auto run =
      nettest({"run", "small.yaml", "--junit", "o.xml", "--json", "o.json", "--markdown", "o.md"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(files(), testing::ElementsAre("o.json", "o.md", "o.xml", "small.yaml"));
  EXPECT_THAT(content(folder / "o.xml"), HasSubstr("tests=\"2\""));
  const auto report = parse_report_json(content(folder / "o.json"));
  ASSERT_TRUE(report);
  EXPECT_EQ(count(*report).matched, 6U);
  const auto again = nettest({"report", "o.json", "--markdown", "again.md"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(content(folder / "again.md"), content(folder / "o.md"));
  EXPECT_THAT(again.out, HasSubstr("PASSED"));
}

TEST_F(Cli, AReportToStdoutHasItForItself) {
  const auto run = nettest({"run", "small.yaml", "--json", "-"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(parse_report_json(run.out)) << run.out;
}

TEST_F(Cli, AReportThatCannotBeWrittenIsToldBeforeTheRun) {
  for (const std::string path : {"no/such/folder/o.xml", ".", "/dev/null/x"}) {
    const auto run = nettest({"run", "small.yaml", "--junit", path});
    EXPECT_EQ(run.code, 2) << path;
    EXPECT_THAT(run.err, HasSubstr("cannot write " + path));
    EXPECT_THAT(run.err, Not(HasSubstr("fake engine made")));
  }
  const auto twice = nettest({"run", "small.yaml", "--junit", "x", "--json", "./x"});
  EXPECT_EQ(twice.code, 2);
}

TEST_F(Cli, AFullDiskIsNoPass) {
  const auto run = nettest({"run", "small.yaml", "--junit", "/dev/full"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("No space left"));
  auto full = launch({"run", "small.yaml"});
  full.stdout_file = "/dev/full";
  const auto printed = run_process(full);
  EXPECT_EQ(printed.code, 3);
  EXPECT_THAT(printed.err, HasSubstr("cannot write to standard output: No space left"));
}

TEST_F(Cli, AClosedStdoutIsNoPassAndTheReportIsStillWritten) {
  for (const auto& args : std::vector<std::vector<std::string>>{
           {"run", "small.yaml", "--junit", "o.xml"}, {"simulate", "small.yaml"}, {"version"}}) {
    auto closed = launch(args);
    closed.closed_stdout = true;
    const auto run = run_process(closed);
    EXPECT_EQ(run.code, 3) << args[0];
    EXPECT_THAT(run.err, HasSubstr("Broken pipe"));
  }
  EXPECT_TRUE(fs::exists(folder / "o.xml"));
}

struct Hang {
  std::string fault;
  int signal;
};

class CliInterrupt : public Cli, public testing::WithParamInterface<Hang> {};

TEST_P(CliInterrupt, EndsTheRunAndStillWritesTheReports) {
  auto hanging = launch({"run",
                         "small.yaml",
                         "-v",
                         "--junit",
                         "o.xml",
                         "--json",
                         "o.json",
                         "--fake-fault",
                         GetParam().fault});
  hanging.wait_for = GetParam().fault == "hangs-in-deploy"  ? "fake engine made"
                     : GetParam().fault == "hangs-in-apply" ? "control without"
                                                            : "step 2/2 \"deny\": probing";
  hanging.then = [](pid_t child) { kill(child, GetParam().signal); };
  const auto run = run_process(hanging);
  EXPECT_EQ(run.code, 130) << run.err;
  EXPECT_THAT(run.out, HasSubstr("INTERRUPTED"));
  const auto report = parse_report_json(content(folder / "o.json"));
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->facts.interrupted);
  EXPECT_THAT(content(folder / "o.xml"), HasSubstr("interrupted"));
}

INSTANTIATE_TEST_SUITE_P(Run,
                         CliInterrupt,
                         testing::Values(Hang{"hangs-in-deploy", SIGINT},
                                         Hang{"hangs-in-apply", SIGTERM},
                                         Hang{"hangs-in-probe", SIGINT},
                                         Hang{"hangs-in-probe", SIGHUP}));

TEST_F(Cli, KillNineLeavesNoHalfWrittenFile) {
  auto hanging =
      launch({"run", "small.yaml", "-v", "--junit", "o.xml", "--fake-fault", "hangs-in-probe"});
  hanging.wait_for = "step 2/2 \"deny\": probing";
  hanging.then = [](pid_t child) { kill(child, SIGKILL); };
  EXPECT_EQ(run_process(hanging).code, 128 + SIGKILL);
  EXPECT_THAT(files(), testing::ElementsAre("small.yaml"));
}

TEST_F(Cli, QuietShowsOnlyWhatWentWrongAndTheSummary) {
  const auto calm = nettest({"run", "small.yaml", "-q"});
  EXPECT_EQ(calm.code, 0);
  EXPECT_THAT(calm.out, Not(HasSubstr("default/web")));
  EXPECT_THAT(calm.out, HasSubstr("PASSED"));
  const auto wrong = nettest({"run", "small.yaml", "-q", "--fake-fault", "ignores-ingress"});
  EXPECT_THAT(wrong.out, HasSubstr("Expected:"));
  EXPECT_THAT(wrong.out, Not(HasSubstr("no policy —")));
}

TEST_F(Cli, SimulatePrintsPredictionsAndDeploysNothing) {
  const auto text = nettest({"simulate", "small.yaml"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("deny"));
  const auto json = nettest({"simulate", "small.yaml", "-o", "json"});
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_THAT(json.out, HasSubstr("\"nettest.simulate/v1\""));
  EXPECT_THAT(json.err + text.err, Not(HasSubstr("fake engine made")));
}

TEST_F(Cli, SimulatePrintsTheMatrixOfManifests) {
  fs::create_directories(folder / "manifests");
  write("manifests/pods.yaml", R"(apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tester}
spec: {template: {metadata: {labels: {app: tester}}, spec: {containers: [{name: tester}]}}}
)");
  write("manifests/policy.yaml", R"(apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-web}
spec: {podSelector: {matchLabels: {app: web}}}
)");
  const auto text = nettest({"simulate", "manifests"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("1 policy — 2 probes: 1 allowed, 1 blocked"));
  EXPECT_THAT(text.err, HasSubstr("1 of 2 pods serves no port"));
  const auto json = nettest({"simulate", "manifests/pods.yaml", "-o", "json", "-q"});
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_THAT(json.out, HasSubstr("\"from\":\"default/tester[Deployment]\""));
  EXPECT_THAT(json.out, Not(HasSubstr("\"blocked\"")));
  EXPECT_EQ(nettest({"simulate", "manifests", "small.yaml"}).code, 2);
}

TEST_F(Cli, SmallCommandsAnswer) {
  EXPECT_THAT(nettest({"version"}).out, HasSubstr("nettest 0."));
  EXPECT_EQ(nettest({"--version"}).out, nettest({"version"}).out);
  EXPECT_EQ(nettest({"help"}).out, nettest({"--help"}).out);
  EXPECT_THAT(nettest({"help", "run"}).out, HasSubstr("--junit"));
  EXPECT_EQ(nettest({"cleanup"}).out, "nothing to clean\n");
  EXPECT_EQ(nettest({"shell", "x/a", "ls", "-l"}).out, "x/a:ls -l\n");
  EXPECT_EQ(nettest({"report", "missing.json"}).code, 2);
}

TEST_F(Cli, ColourIsForThoseWhoAskForIt) {
  const auto coloured = nettest({"run", "small.yaml", "--color", "always"});
  EXPECT_THAT(coloured.out, HasSubstr("\x1b["));
}

TEST_F(Cli, AKeptWorldIsHeldUntilAnInterruptAndKeepsTheExitCode) {
  auto kept = launch({"run", "small.yaml", "--keep"});
  kept.wait_for = "Ctrl-C removes it";
  kept.then = [](pid_t child) { kill(child, SIGINT); };
  const auto run = run_process(kept);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("PASSED"));
  EXPECT_THAT(run.err, HasSubstr("nettest shell notes/tester"));
}

TEST_F(Cli, GenerateListsTheCatalogueAndCountsItsFamilies) {
  const auto ended = nettest({"generate", "--list", "--suite", "cyclonus"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\npeers/ingress/pods-by-label+namespaces-by-label "));
  EXPECT_EQ(last_line(ended.out),
            "230 cases, 256 steps: target 6, rules 4, peers 112, ports-protocols 70, example 1, "
            "actions 6, conflicts 16, namespaces 2, upstream-e2e 13");
}

TEST_F(Cli, GenerateChoosesByTags) {
  const auto ended = nettest(
      {"generate", "--list", "--tag", "peers", "--tag", "peer-pods", "--exclude", "egress"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, Not(HasSubstr("peers/egress")));
  EXPECT_THAT(ended.out, HasSubstr("peers/ingress"));
}

TEST_F(Cli, WhatGenerateWritesIsAnOrdinarySuite) {
  const auto written =
      nettest({"generate", "--like", "cyclonus", "--tag", "target", "-o", "target.yaml"});
  ASSERT_EQ(written.code, 0) << written.err;
  EXPECT_EQ(written.out, "");
  const auto from_file = nettest({"simulate", "target.yaml"});
  EXPECT_EQ(from_file.code, 0) << from_file.err;
  const auto built_in =
      nettest({"simulate", "builtin:conformance", "--like", "cyclonus", "--tag", "target"});
  EXPECT_EQ(from_file.out, built_in.out);
}

TEST_F(Cli, AnUnknownTagIsAUsageErrorWithTheNearest) {
  const std::vector<std::vector<std::string>> lines = {
      {"run", "builtin:conformance", "--tag", "ingres"},
      {"simulate", "builtin:smoke", "--tag", "ingres"},
      {"generate", "--exclude", "ingres"}};
  for (const auto& args : lines) {
    const auto ended = nettest(args);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr("did you mean \"ingress\"?"));
  }
}

TEST_F(Cli, AnUnknownBuiltinSuiteIsAUsageErrorWithTheNames) {
  for (const auto& args :
       {std::vector<std::string>{"run", "builtin:smoky"}, {"generate", "--suite", "smoky"}}) {
    const auto ended = nettest(args);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err,
                HasSubstr("no suite \"smoky\" is built in, did you mean \"smoke\"? There is: "
                          "conformance, cyclonus, upstream-e2e, smoke"));
  }
}

}  // namespace
}  // namespace nettest
