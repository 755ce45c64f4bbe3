#include "harness/cli/progress.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::size_t kBarCells = 20;
constexpr Duration kRedraw = std::chrono::milliseconds(50);
constexpr std::size_t kNameLimit = 200;

std::string phase_text(const Progress& progress) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTexts = {
      {{"case", "running"},
       {"deploy", "deploying the world"},
       {"reset", "undoing the last case"},
       {"baseline", "baseline without policies"},
       {"change", "making the changes"},
       {"probe", "probing"},
       {"control", "control without policies"},
       {"remove", "removing the world"}}};
  for (const auto& [phase, text] : kTexts) {
    if (phase == progress.phase) {
      return std::string(text);
    }
  }
  return progress.phase;
}

std::string waiting_text(const Progress& progress) {
  if (progress.probes == 0) {
    return "";
  }
  std::string text = ", " + std::to_string(progress.probes) + " probes";
  if (progress.round > 0) {
    text += ", round " + std::to_string(progress.round) + ": " + std::to_string(progress.waiting) +
            " not as predicted yet";
  }
  return text;
}

/// Cuts to `width` columns; counts UTF-8 lead bytes.
std::string cut(const std::string& text, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && ++columns > width) {
      return text.substr(0, i);
    }
  }
  return text;
}

}  // namespace

std::string run_progress(const Progress& progress, Duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  std::string text =
      std::to_string(progress.finished) + "/" + std::to_string(progress.case_count) + " cases";
  if (progress.finished > 0 && seconds > 0) {
    const double rate = static_cast<double>(progress.finished) / seconds;
    const double left = static_cast<double>(progress.case_count - progress.finished) / rate;
    text += fmt::format(", {:.1f} per second, {:.0f} s left", rate, left);
  }
  return text + ", " + std::to_string(progress.mismatches) +
         (progress.mismatches == 1 ? " mismatch" : " mismatches");
}

std::string progress_bar(const Progress& progress, Duration elapsed, int width) {
  if (progress.case_count >= kManyCasesToShow) {
    const std::size_t cells =
        std::min(kBarCells, progress.finished * kBarCells / progress.case_count);
    return cut("[" + std::string(cells, '#') + std::string(kBarCells - cells, '-') + "] " +
                   run_progress(progress, elapsed) + ": " +
                   printable(progress.case_name, kNameLimit),
               static_cast<std::size_t>(std::max(width - 1, 1)));
  }
  const std::size_t steps = std::max<std::size_t>(progress.step_count, 1);
  const std::size_t cases = std::max<std::size_t>(progress.case_count, 1);
  const std::size_t before = progress.case_number > 0 ? progress.case_number - 1 : 0;
  const std::size_t in_case =
      progress.phase == "control" ? steps : std::max<std::size_t>(progress.step_number, 1) - 1;
  const std::size_t done =
      progress.phase == "remove"
          ? kBarCells
          : std::min(kBarCells, (before * steps + in_case) * kBarCells / (cases * steps));
  std::string text = "[" + std::string(done, '#') + std::string(kBarCells - done, '-') + "] ";
  if (cases > 1) {
    text += "case " + std::to_string(progress.case_number) + "/" + std::to_string(cases) + " ";
  }
  if (!progress.step_name.empty()) {
    text += "step " + std::to_string(progress.step_number) + "/" + std::to_string(steps) + " " +
            printable(progress.step_name, kNameLimit) + ": ";
  }
  text += phase_text(progress) + waiting_text(progress);
  return cut(text, static_cast<std::size_t>(std::max(width - 1, 1)));
}

std::string progress_line(const Progress& progress, bool with_rounds) {
  std::string text = printable(progress.suite, kNameLimit);
  if (progress.case_number > 0 && progress.phase != "remove") {
    text += ": case " + std::to_string(progress.case_number) + "/" +
            std::to_string(progress.case_count) + " \"" +
            printable(progress.case_name, kNameLimit) + "\"";
  }
  if (!progress.step_name.empty()) {
    text += ", step " + std::to_string(progress.step_number) + "/" +
            std::to_string(progress.step_count) + " \"" +
            printable(progress.step_name, kNameLimit) + "\"";
  }
  const bool is_step = progress.phase == "change" && !with_rounds;
  return text + (is_step ? "" : ": " + phase_text(progress)) +
         (with_rounds ? waiting_text(progress) : "");
}

ProgressDisplay::ProgressDisplay(Console& console, const Clock& clock, Loudness loudness)
    : console_(console),
      clock_(clock),
      loudness_(loudness),
      bar_(loudness == Loudness::normal && console.err.is_terminal()) {}

void ProgressDisplay::show(const Progress& progress) {
  if (loudness_ == Loudness::quiet) {
    return;
  }
  if (!begun_) {
    begun_ = clock_.now();
  }
  if (bar_) {
    show_bar(progress);
  } else {
    show_line(progress);
  }
}

void ProgressDisplay::show_bar(const Progress& progress) {
  const std::string phase =
      std::to_string(progress.finished) + progress.case_name + progress.step_name + progress.phase;
  if (shown_ && phase == last_phase_ && clock_.now() - last_drawn_ < kRedraw) {
    return;
  }
  last_phase_ = phase;
  last_drawn_ = clock_.now();
  const int width = console_.err.width();
  console_.err.write("\r" + progress_bar(progress, clock_.now() - *begun_, width > 0 ? width : 80) +
                     "\x1b[K");
  shown_ = true;
}

void ProgressDisplay::show_line(const Progress& progress) {
  const bool verbose = loudness_ == Loudness::verbose;
  if (!verbose && progress.case_count >= kManyCasesToShow) {
    told_ = progress.finished == 0 ? 0 : told_;
    // A line for every twentieth of the run.
    constexpr std::size_t kLines = 20;
    const std::size_t part = progress.finished * kLines / progress.case_count;
    if (part > told_) {
      told_ = part;
      console_.err.write(printable(progress.suite, kNameLimit) + ": " +
                         run_progress(progress, clock_.now() - *begun_) + "\n");
    }
    if (progress.finished > 0 || progress.phase != "deploy") {
      return;
    }
  }
  const bool of_interest = verbose || progress.phase == "deploy" || progress.phase == "change" ||
                           progress.phase == "case";
  const std::string line = of_interest ? progress_line(progress, verbose) : "";
  if (!line.empty() && line != last_line_) {
    last_line_ = line;
    console_.err.write(line + "\n");
  }
}

void ProgressDisplay::clear() {
  if (shown_) {
    console_.err.write("\r\x1b[K");
    shown_ = false;
  }
}

}  // namespace nettest
