#include <algorithm>

#include "results/findings.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"
#include "results/paint.hpp"
#include "results/table.hpp"

namespace nettest {

namespace {

constexpr std::size_t kFullFindings = 10;
constexpr std::size_t kNamedOthers = 12;
constexpr std::string_view kHang = "             ";

/// One of the four lines, its text hanging under the first; a command stays on one line, so that
/// it can be copied.
std::string four_line_text(const std::string& line, int width) {
  const bool is_command = line.rfind("Reproduce:", 0) == 0;
  if (width <= 0 || is_command) {
    return "  " + line + "\n";
  }
  constexpr std::size_t kNarrowest = 40;
  const auto room = std::max(static_cast<std::size_t>(width), kNarrowest) - kHang.size();
  // The label and its padding are eleven columns wide.
  std::string text = "  " + line.substr(0, kHang.size() - 2);
  bool first = true;
  for (const auto& piece : wrapped(std::string_view(line).substr(kHang.size() - 2), room)) {
    text += (first ? "" : std::string(kHang)) + piece + "\n";
    first = false;
  }
  return text;
}

std::string finding_text(const Finding& finding, const TextStyle& style) {
  const auto& first = *finding.probes.front();
  const bool mismatch = first.agreement == Agreement::mismatch;
  const std::string title =
      (mismatch ? "Mismatch: " : "Inconclusive: ") + one_line(to_string(first.probe));
  std::string text =
      "\n  " + painted(title, mismatch ? Paint::bad : Paint::unclear, style.colour) + "\n";
  for (const auto& line : four_lines(first)) {
    text += four_line_text(line, style.width);
  }
  const std::string others = others_text(finding, kNamedOthers);
  if (!others.empty()) {
    const auto width = static_cast<std::size_t>(std::max(style.width, 0));
    for (const auto& line : wrapped(others, width > 2 ? width - 2 : 0)) {
      text += "  " + line + "\n";
    }
  }
  return text;
}

/// What was not judged as usual: known deviations, and what the engine can't ask.
std::string remarks_text(const StepResult& step) {
  std::string text;
  for (const auto& known : known_texts(step)) {
    text += "  known: " + known + "\n";
  }
  for (const auto& unasked : unasked_texts(step)) {
    text += "  skipped: " + unasked + "\n";
  }
  return text;
}

std::string late_text(const StepResult& step) {
  std::size_t late = 0;
  Duration longest{};
  for (const auto& comparison : step.comparisons) {
    if (comparison.late && comparison.enforcement_latency) {
      ++late;
      longest = std::max(longest, *comparison.enforcement_latency);
    }
  }
  return late == 0 ? ""
                   : "  late: " + counted(late, "probe") + " became right only after up to " +
                         duration_text(longest) + "\n";
}

Paint paint_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return Paint::good;
    case Outcome::failed:
      return Paint::bad;
    case Outcome::known:
    case Outcome::unclear:
      return Paint::unclear;
    case Outcome::skipped:
      break;
  }
  return Paint::faint;
}

std::string heading(const StepResult& step, const TextStyle& style) {
  std::string text = painted(one_line(step.name), Paint::heading, style.colour) + " — " +
                     painted(outcome_text(step), paint_of(outcome_of(count(step))), style.colour);
  if (step.rounds > 0) {
    text += " (" + counted(static_cast<std::size_t>(step.rounds), "round") + ", " +
            duration_text(step.took) + ")";
  }
  return text + "\n";
}

}  // namespace

std::string findings_text(const StepResult& step, const TextStyle& style) {
  const auto all = findings(step);
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < kFullFindings; ++i) {
    text += finding_text(all[i], style);
  }
  std::size_t left_out = 0;
  for (std::size_t i = kFullFindings; i < all.size(); ++i) {
    left_out += all[i].probes.size();
  }
  if (left_out > 0) {
    text += "\n  and " + counted(left_out, "probe") + " more, wrong in " +
            counted(all.size() - kFullFindings, "other way") + ": see the JSON report\n";
  }
  return text;
}

std::string render_matrix(const StepResult& step, const TextStyle& style) {
  std::vector<MarkedProbe> probes;
  probes.reserve(step.comparisons.size());
  for (const auto& comparison : step.comparisons) {
    if (comparison.agreement != Agreement::skipped) {
      probes.push_back({&comparison.probe, mark_of(comparison)});
    }
  }
  return table_text(make_matrices(probes), style);
}

std::string render_step(const StepResult& step, const TextStyle& style) {
  std::string text = heading(step, style);
  const bool calm = outcome_of(count(step)) == Outcome::passed;
  if (!calm && !step.description.empty()) {
    text += "  " + painted(one_line(step.description), Paint::faint, style.colour) + "\n";
  }
  for (const auto& change : step.changes) {
    text += "  " + one_line(change) + "\n";
  }
  text += render_matrix(step, style);
  return text + remarks_text(step) + late_text(step) + findings_text(step, style);
}

}  // namespace nettest
