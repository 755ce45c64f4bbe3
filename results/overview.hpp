// What many cases have in common: per tag, per feature of the failures, the slowest. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "results/report.hpp"

namespace nettest {

/// How the cases with a tag ended.
struct TagRow {
  std::string tag;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t known = 0;
  std::size_t unclear = 0;
  std::size_t skipped = 0;
};

/// A row per tag, sorted; none where no case has tags.
std::vector<TagRow> tag_table(const Report& report);

/// A tag or class of bugs that failing cases share.
struct SharedFeature {
  std::string feature;
  /// Failing cases that have it, failing cases in all, and cases that have it in all.
  std::size_t failing = 0;
  std::size_t all_failing = 0;
  std::size_t all_with = 0;
};

/// The features that tell the failing cases best from the others, the best first, at most
/// `limit`; none where fewer than two cases fail, or nothing tells them apart.
std::vector<SharedFeature> shared_by_failures(const Report& report, std::size_t limit);

struct SlowStep {
  std::string name;
  Duration took{};
};

/// The steps that took longest, at most `limit`.
std::vector<SlowStep> slowest_steps(const Report& report, std::size_t limit);

/// Why steps and probes were skipped, each reason once with its number: "162 probes: SCTP is not
/// supported by this engine".
std::vector<std::string> skip_reasons(const Report& report);

/// All of it for people: lines for the summary of a terminal, tables for Markdown. Empty for a
/// report whose few cases say it all. `escaped` makes a text safe for Markdown.
std::string overview_text(const Report& report);
std::string overview_markdown(const Report& report,
                              const std::function<std::string(std::string_view)>& escaped);

}  // namespace nettest
