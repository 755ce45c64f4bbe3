// Lint of suites: the walkthrough names the label that no namespace has.
#include "probes/lint/suite_states.hpp"
#include "results/static_lint.hpp"
#include "suites/suite_reader.hpp"
#include "tests/lint/lint_support.hpp"

namespace nettest {
namespace {

LintResult lint_shipped(const std::string& name) {
  const auto file = std::filesystem::path(NETTEST_SOURCE_DIR) / "suites" / name;
  const auto suite = read_suite(file);
  EXPECT_TRUE(suite) << file;
  const auto result = lint_suite(*suite, test::every_rule());
  EXPECT_TRUE(result);
  return *result;
}

TEST(LintSuite, WalkthroughNamesTheLabelThatNoNamespaceHas) {
  std::string text = render_lint_txt(lint_shipped("walkthrough-as-written.yaml"));
  const std::string root = NETTEST_SOURCE_DIR "/";
  for (auto at = text.find(root); at != std::string::npos; at = text.find(root)) {
    text.erase(at, root.size());
  }
  EXPECT_NE(text.find("no namespace has the label name=notes"), std::string::npos) << text;
  test::expect_golden(test::kLintGolden / "walkthrough.txt", text);
}

TEST(LintSuite, NothingIsFoundOnceTheLabelsAreThere) {
  const LintResult result = lint_shipped("frontend-backend.yaml");
  EXPECT_GT(result.policies, 3U);
  EXPECT_TRUE(result.findings.empty()) << render_lint_txt(result);
}

TEST(LintSuite, CountsOnlyWhatEveryStateOfAPolicyHas) {
  const std::string suite = R"(apiVersion: nettest/v1
kind: Suite
metadata: {name: s}
world:
  namespaces: [{name: x}]
  pods:
    - {name: a, namespace: x, labels: {app: a}, ports: [{port: 80}]}
    - {name: b, namespace: x, labels: {app: b}, ports: [{port: 80}]}
cases:
  - name: c
    steps:
      - name: one
        apply:
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, namespace: x}
            spec:
              podSelector: {matchLabels: {app: late}}
              policyTypes: [Ingress]
          - apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: never, namespace: x}
            spec:
              podSelector: {matchLabels: {app: never}}
              policyTypes: [Ingress]
      - name: two
        label: [{pod: x/a, set: {app: late}}]
)";
  const auto read = read_suite_text(suite, "s.yaml", ".");
  ASSERT_TRUE(read) << to_string(read.error().front());
  const auto result = lint_suite(*read, test::every_rule());
  ASSERT_TRUE(result);
  ASSERT_EQ(result->findings.size(), 1U) << render_lint_txt(*result);
  EXPECT_EQ(result->findings[0].subject, "NetworkPolicy x/never");
  EXPECT_EQ(result->policies, 2U);
}

}  // namespace
}  // namespace nettest
