// Directories of manifests of hostile bytes, as static commands read them, and lint of what could
// be read. Seeds: the manifests of tests/static/golden and tests/lint/golden.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "probes/lint/lint.hpp"
#include "probes/lint/suppressions.hpp"
#include "results/static_lint.hpp"

namespace {

using namespace nettest;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

std::set<LintRule> every_rule() {
  std::set<LintRule> rules;
  for (const LintRuleInfo& info : lint_rules()) {
    rules.insert(info.rule);
  }
  return rules;
}

Checked<Inventory> read(std::string_view text, bool skip_invalid) {
  ManifestOptions options;
  options.skip_invalid = skip_invalid;
  options.keep_faults = true;
  ManifestReader reader(options);
  reader.add(text, "m.yaml");
  return reader.finish();
}

/// What was found has a place, words, and outputs that can be shown.
void check_lint(const Inventory& inventory, bool whole_cluster) {
  const LintResult result = lint(lint_input(inventory, whole_cluster), every_rule());
  for (const LintFinding& finding : result.findings) {
    require(finding.where.file == "m.yaml" && finding.where.line > 0);
    require(!finding.message.empty() && !finding.why.empty() && !finding.fix.empty());
  }
  for (const auto format : {LintFormat::txt, LintFormat::json, LintFormat::sarif, LintFormat::md}) {
    require(!render_lint(result, format, "0.0.0").empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto strict = read(text, false);
  if (strict) {
    require(workload_texts(*strict).size() == strict->state.world.pods.size());
    check_lint(*strict, false);
    check_lint(*strict, true);
  } else {
    require(!strict.error().empty());
    for (const Error& error : strict.error()) {
      require(!error.message.empty() && !first_invalid_utf8(to_string(error)));
    }
  }
  // With skip_invalid nothing is an error.
  const auto lenient = read(text, true);
  require(lenient.has_value());
  check_lint(*lenient, false);
  const Suppressions comments(text);
  require(!comments.covers(LintRule::allow_all, 0));
  return 0;
}
