// Edits of policies, and whether a suite notices them.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/mutation/policy_edits.hpp"
#include "harness/mutation/policy_mutation.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {
namespace {

using testing::HasSubstr;

constexpr const char* kHead = R"(
apiVersion: nettest/v1
kind: Suite
metadata: {name: small}
world:
  namespaces: [{name: x}]
  pods:
    - {name: a, namespace: x, labels: {pod: a}, ports: [{port: 80}, {port: 81}]}
    - {name: b, namespace: x, labels: {pod: b}, ports: [{port: 80}]}
    - {name: c, namespace: x, labels: {pod: c}, ports: [{port: 80}]}
cases:
  - name: one
    steps:
      - name: only b
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: to-a, namespace: x}
            spec:
              podSelector: {matchLabels: {pod: a}}
              ingress:
                - from: [{podSelector: {matchLabels: {pod: b}}}]
                  ports: [{port: 80}]
)";

EditReport report_of(const std::string& rest) {
  const auto suite = read_suite_text(kHead + rest, "small.yaml", ".");
  EXPECT_TRUE(suite) << to_string(suite.error().front());
  EditReport report;
  if (suite) {
    add_edits_of(*suite, report);
  }
  return report;
}

const Edited& find(const EditReport& report, const std::string& what) {
  static const Edited none;
  const auto found = std::find_if(report.edits.begin(),
                                  report.edits.end(),
                                  [&](const Edited& edit) { return edit.what == what; });
  EXPECT_NE(found, report.edits.end()) << what;
  return found == report.edits.end() ? none : *found;
}

TEST(PolicyMutation, TellsNoticedFromUnnoticedEditsByPlace) {
  const EditReport report =
      report_of("        expect: [{allow: \"x/b -> x/a:80\"}, {deny: \"x/c -> x/a:80\"}]\n");
  EXPECT_TRUE(report.without_expectations.empty());
  EXPECT_EQ(find(report, "delete the policy").notice, Notice::noticed);
  EXPECT_EQ(find(report, "drop ingress rule 1").notice, Notice::noticed);
  EXPECT_EQ(find(report, "admit every pod in peer 1 of ingress rule 1").notice, Notice::noticed);
  const Edited& port =
      find(report, "drop the only port (so that every port is open) of ingress rule 1");
  EXPECT_EQ(port.notice, Notice::unnoticed);
  EXPECT_EQ(port.where.file, "small.yaml");
  EXPECT_EQ(port.where.line, 23);
  EXPECT_THAT(port.example, HasSubstr("x/b -> x/a:81/TCP is blocked, and would be allowed"));
  EXPECT_EQ(find(report, "select every pod of the namespace").notice, Notice::unnoticed);
  EXPECT_EQ(find(report, "admit pods of every namespace in peer 1 of ingress rule 1").notice,
            Notice::no_difference);
  EXPECT_EQ(exit_code(report), 1);
}

TEST(PolicyMutation, SaysWhatTheProbesOfTheSuiteDoNotAsk) {
  const EditReport report = report_of(
      "        probes: [{from: x/b, to: \"x/a:80\"}]\n        expect: [{allow: \"* -> *\"}]\n");
  EXPECT_EQ(find(report, "delete the policy").notice, Notice::unasked);
}

TEST(PolicyMutation, SaysWhereNobodyWroteAnExpectation) {
  const EditReport report = report_of("");
  EXPECT_EQ(report.without_expectations, std::vector<std::string>{"small"});
  EXPECT_THAT(render_edits(report, {}), HasSubstr("Nobody wrote an expectation"));
}

}  // namespace
}  // namespace nettest
