// The outputs of lint, and docs/lint.md, which ends in the table of rules.
#include "results/static_lint.hpp"
#include "tests/lint/lint_support.hpp"

namespace nettest {
namespace {

LintResult some_findings() {
  LintResult result;
  result.policies = 2;
  result.suppressed = 1;
  result.not_checked = {{LintNeed::pods, {LintRule::peer_selects_no_pod, LintRule::service_port}},
                        {LintNeed::pod_addresses, {LintRule::block_covers_pods}}};
  result.findings = {
      {LintRule::empty_list,
       LintSeverity::warning,
       {"./policies/a b|ü.yaml", 7, 9},
       "NetworkPolicy default/web",
       {"./policies/a b|ü.yaml", 3, 9},
       "\"from\" is an empty list, which means every peer, not none",
       "the rule lets everybody in",
       "remove the rule"},
      {LintRule::duplicate_name,
       LintSeverity::error,
       {"/tmp/<stdin>", 0, 0},
       "NetworkPolicy default/web",
       {"/tmp/<stdin>", 0, 0},
       "is written twice, differently; first at a|b",
       "the one that is applied last replaces the other",
       "remove one of them"},
      {LintRule::rule_redundant,
       LintSeverity::info,
       {"x.yaml", 1, 2},
       "NetworkPolicy default/deny",
       {"x.yaml", 1, 2},
       "ingress rule 1 admits nothing new",
       "nothing",
       "remove it"},
  };
  return result;
}

TEST(LintOutputs, AreAsWritten) {
  const std::vector<std::pair<std::string, LintFormat>> formats = {{"txt", LintFormat::txt},
                                                                   {"json", LintFormat::json},
                                                                   {"sarif", LintFormat::sarif},
                                                                   {"md", LintFormat::md}};
  for (const auto& [name, format] : formats) {
    test::expect_golden(test::kLintGolden / ("output." + name),
                        render_lint(some_findings(), format, "1.2.3"));
  }
}

TEST(LintOutputs, SayThatNothingWasFound) {
  LintResult nothing;
  nothing.policies = 1;
  EXPECT_EQ(render_lint_txt(nothing), "nothing found in 1 policy\n");
  EXPECT_EQ(render_lint_md(nothing), "**nettest lint**: nothing found in 1 policy\n");
}

TEST(LintDocument, EndsInTheTableOfRules) {
  const auto file = std::filesystem::path(NETTEST_SOURCE_DIR) / "docs/lint.md";
  const std::string mark = "## Rules\n\n";
  const std::string text = test::read_file(file);
  const auto at = text.find(mark);
  ASSERT_NE(at, std::string::npos);
  test::expect_golden(file, text.substr(0, at + mark.size()) + render_lint_rules(LintFormat::md));
}

TEST(LintDocument, ShowsWhatLintSays) {
  const auto file = std::filesystem::path(NETTEST_SOURCE_DIR) / "docs/lint.md";
  const std::string said = test::read_file(test::kLintGolden / "walkthrough.txt");
  ASSERT_FALSE(said.empty());
  EXPECT_NE(test::read_file(file).find(said), std::string::npos);
}

}  // namespace
}  // namespace nettest
