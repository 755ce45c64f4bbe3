// A summary for CI pages and pull-request comments (GitHub's and GitLab's Markdown).
#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "results/findings.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"
#include "results/overview.hpp"

namespace nettest {

namespace {

/// Comments are cut by CI systems at 64 KiB; the first steps are what a person reads.
constexpr std::size_t kDetailedSteps = 20;
constexpr std::size_t kLongestDetail = 6000;

std::string escaped(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]<>|&~#@";
  std::string result;
  for (const char c : one_line(text)) {
    if (c == '<' || c == '>' || c == '&') {
      result += c == '<' ? "&lt;" : (c == '>' ? "&gt;" : "&amp;");
    } else {
      result += kSpecial.find(c) == std::string_view::npos ? "" : "\\";
      result += c;
    }
  }
  return result;
}

std::string html_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&') {
      result += c == '<' ? "&lt;" : (c == '>' ? "&gt;" : "&amp;");
    } else {
      result += c;
    }
  }
  return result;
}

/// A code block whose fence is longer than any run of backticks in it.
std::string code_block(const std::string& text) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "text\n" + text + fence + "\n";
}

/// Cuts at the end of a line.
std::string cut(const std::string& text) {
  if (text.size() <= kLongestDetail) {
    return text;
  }
  const auto end = text.rfind('\n', kLongestDetail);
  return text.substr(0, end == std::string::npos ? kLongestDetail : end + 1) +
         "… cut here; the JSON report has the rest\n";
}

std::string table(const Report& report) {
  std::string text =
      "| suite | steps | probes | as predicted | mismatches | known | inconclusive | undefined | "
      "skipped | errors | time |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const auto& suite : report.suites) {
    std::size_t steps = 0;
    for (const auto& part : suite.cases) {
      steps += part.steps.size();
    }
    const Counts counts = count(suite);
    text += "| " + escaped(suite.name);
    for (const std::size_t number : {steps,
                                     counts.probes,
                                     counts.matched,
                                     counts.mismatched,
                                     counts.known,
                                     counts.inconclusive,
                                     counts.undefined,
                                     counts.unasked,
                                     counts.errors}) {
      text += " | " + std::to_string(number);
    }
    text += " | " + duration_text(suite.took) + " |\n";
  }
  return text;
}

struct Place {
  const SuiteResult* suite = nullptr;
  const CaseResult* part = nullptr;
  const StepResult* step = nullptr;
};

/// Steps that need a person, the failed ones first.
std::vector<Place> places(const Report& report) {
  std::vector<Place> result;
  for (const auto wanted : {Outcome::failed, Outcome::unclear}) {
    for (const auto& suite : report.suites) {
      for (const auto& part : suite.cases) {
        for (const auto& step : part.steps) {
          if (outcome_of(count(step)) == wanted) {
            result.push_back({&suite, &part, &step});
          }
        }
      }
    }
  }
  return result;
}

std::string details(const Place& place) {
  const auto& changes = place.step->changes;
  const std::string text = (changes.empty() ? "" : join(changes, "\n") + "\n") +
                           render_matrix(*place.step, {}) + findings_text(*place.step, {});
  return "<details><summary>" +
         html_escaped(one_line(place.suite->name + ": " + place.part->name + ": " +
                               place.step->name + " — " + outcome_text(*place.step))) +
         "</summary>\n\n" + code_block(cut(text)) + "\n</details>\n";
}

std::string remarks(const Report& report) {
  std::string text;
  if (!report.facts.faults.empty()) {
    text +=
        "Faults were committed on request: " + escaped(join(report.facts.faults, ", ")) + "\n\n";
  }
  for (const auto& suite : report.suites) {
    if (suite.error) {
      text += "**" + escaped(suite.name) + "**: " + escaped(to_string(*suite.error)) + "\n\n";
    }
  }
  for (const auto& entry : report.stale_known) {
    text += "**Known no more**: " + escaped(entry) + "\n\n";
  }
  text += overview_markdown(report, escaped);
  const auto latency = enforcement_latency(report);
  if (latency.count > 0) {
    text += "Enforcement latency: P50 " + duration_text(latency.p50) + ", P95 " +
            duration_text(latency.p95) + ", P99 " + duration_text(latency.p99) + " (" +
            counted(latency.count, "probe") + ")\n\n";
  }
  return text;
}

}  // namespace

std::string render_markdown(const Report& report) {
  std::string text = "### nettest: " + escaped(verdict_text(report)) + "\n\n" + table(report) +
                     "\n" + remarks(report);
  const auto all = places(report);
  for (std::size_t i = 0; i < all.size() && i < kDetailedSteps; ++i) {
    text += details(all[i]);
  }
  if (all.size() > kDetailedSteps) {
    text += "\nand " + counted(all.size() - kDetailedSteps, "more step") +
            " that did not pass: see the JSON report\n";
  }
  if (!all.empty()) {
    text += "\n" + code_block(render_legend({}));
  }
  return text + "\nnettest " + escaped(report.facts.nettest_version) + ", engine " +
         escaped(report.facts.engine) + ", started " + utc_text(report.facts.started) + ", took " +
         duration_text(report.facts.took) + "\n";
}

}  // namespace nettest
