// Every rule has a folder in golden/ with wrong.yaml, in which it alone finds something
// (wrong.txt), and right.yaml, in which nothing is found. Both are looked at beside world.yaml.
#include <algorithm>

#include "results/static_lint.hpp"
#include "tests/lint/lint_support.hpp"

namespace nettest {
namespace {

LintResult lint_case(const std::string& id, const std::string& file) {
  const auto folder = test::kLintGolden / id;
  return test::lint_texts({{"world.yaml", test::read_file(test::kLintGolden / "world.yaml")},
                           {file, test::read_file(folder / file)}});
}

class LintRules : public testing::TestWithParam<std::string> {};

TEST_P(LintRules, FindsWhatIsWrong) {
  const LintResult result = lint_case(GetParam(), "wrong.yaml");
  EXPECT_FALSE(result.findings.empty());
  LintSeverity highest = LintSeverity::info;
  for (const LintFinding& finding : result.findings) {
    EXPECT_EQ(info_of(finding.rule).id, GetParam()) << finding.message;
    highest = std::max(highest, finding.severity);
  }
  EXPECT_EQ(highest, info_of(*parse_lint_rule(GetParam())).severity);
  test::expect_golden(test::kLintGolden / GetParam() / "wrong.txt", render_lint_txt(result));
}

TEST_P(LintRules, IsQuietWhereAllIsRight) {
  const LintResult result = lint_case(GetParam(), "right.yaml");
  EXPECT_GT(result.policies, 0U);
  EXPECT_TRUE(result.findings.empty()) << render_lint_txt(result);
}

TEST_P(LintRules, IsQuietWhereItIsNotWanted) {
  const Inventory inventory = test::inventory_of(
      {{"world.yaml", test::read_file(test::kLintGolden / "world.yaml")},
       {"wrong.yaml", test::read_file(test::kLintGolden / GetParam() / "wrong.yaml")}});
  auto rules = test::every_rule();
  rules.erase(*parse_lint_rule(GetParam()));
  EXPECT_TRUE(lint(lint_input(inventory, false), rules).findings.empty());
}

INSTANTIATE_TEST_SUITE_P(Lint,
                         LintRules,
                         testing::ValuesIn(lint_rule_ids()),
                         [](const auto& chosen) {
                           std::string name = chosen.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(LintTable, IsSortedAndIndexedByTheRules) {
  const auto ids = lint_rule_ids();
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  for (const LintRuleInfo& info : lint_rules()) {
    EXPECT_EQ(info_of(info.rule).id, info.id);
    EXPECT_EQ(parse_lint_rule(info.id), info.rule);
  }
}

constexpr const char* kPolicy = R"(apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {name: ingress}}
        - podSelector: {matchLabels: {app: client}}
      ports: [{port: 80}, {port: http}]
  egress:
    - to: [{podSelector: {matchLabels: {app: db}}}]
)";

TEST(LintWithoutPods, IsQuietWhereItCannotKnow) {
  const LintResult result = test::lint_texts({{"p.yaml", kPolicy}});
  ASSERT_EQ(result.findings.size(), 1U) << render_lint_txt(result);
  EXPECT_EQ(result.findings[0].rule, LintRule::egress_without_dns);
  test::expect_golden(test::kLintGolden / "not-checked.txt", [&] {
    std::string text;
    for (const std::string& note : lint_notes(result)) {
      text += note + "\n";
    }
    return text;
  }());
}

TEST(LintWithoutPods, TakesDnsOfAnyPolicyOfTheNamespace) {
  const std::string dns = R"(---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: shop}
spec:
  podSelector: {matchLabels: {dns: allowed}}
  policyTypes: [Egress]
  egress: [{ports: [{port: 53, protocol: UDP}]}]
)";
  EXPECT_TRUE(test::lint_texts({{"p.yaml", kPolicy + dns}}).findings.empty());
}

TEST(LintOfAWholeCluster, TakesWhatIsNotThereAsAbsent) {
  const std::string world = test::read_file(test::kLintGolden / "world.yaml");
  const LintResult partly = test::lint_texts({{"w.yaml", world}, {"p.yaml", kPolicy}});
  const LintResult whole = test::lint_texts({{"w.yaml", world}, {"p.yaml", kPolicy}}, true);
  const auto severity_of = [](const LintResult& result) {
    for (const LintFinding& finding : result.findings) {
      if (finding.rule == LintRule::peer_selects_no_namespace) {
        return finding.severity;
      }
    }
    return LintSeverity::error;
  };
  EXPECT_EQ(severity_of(partly), LintSeverity::info);
  EXPECT_EQ(severity_of(whole), LintSeverity::warning);
}

TEST(Lint, DoesNotDependOnTheOrderOfFiles) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& id : lint_rule_ids()) {
    if (id != "duplicate-name") {
      std::string text = test::read_file(test::kLintGolden / id / "wrong.yaml");
      // Each in a namespace of its own, so that they are all different objects.
      for (auto at = text.find("namespace: shop"); at != std::string::npos;
           at = text.find("namespace: shop", at + id.size())) {
        text.replace(at + 11, 4, id);
      }
      files.emplace_back(id + ".yaml", text);
    }
  }
  const LintResult forwards = test::lint_texts(files);
  std::reverse(files.begin(), files.end());
  const LintResult backwards = test::lint_texts(files);
  EXPECT_GT(forwards.findings.size(), 10U);
  EXPECT_EQ(render_lint_txt(forwards), render_lint_txt(backwards));
}

}  // namespace
}  // namespace nettest
