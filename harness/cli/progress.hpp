// Shows on stderr where a run is: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/runner.hpp"

namespace nettest {

class ProgressDisplay {
 public:
  /// Both outlive the display.
  ProgressDisplay(Console& console, const Clock& clock, Loudness loudness);

  void show(const Progress& progress);
  /// Takes the bar away, so that something else can be printed.
  void clear();

 private:
  void show_bar(const Progress& progress);
  void show_line(const Progress& progress);

  Console& console_;
  const Clock& clock_;
  Loudness loudness_;
  bool bar_;
  bool shown_ = false;
  std::string last_line_;
  std::string last_phase_;
  TimePoint last_drawn_;
  std::optional<TimePoint> begun_;
  std::size_t told_ = 0;
};

/// From so many cases on, progress is told of the whole run and not of every step.
inline constexpr std::size_t kManyCasesToShow = 21;

/// How far a run of many cases is: "40/230 cases, 12.3 per second, 16 s left, 2 mismatches".
std::string run_progress(const Progress& progress, Duration elapsed);

/// The bar as text: "[###------] 3/8 step name: probing, 4 of 24 to go", or, for many cases, how
/// far the run is and the name of the case; cut to `width` columns.
std::string progress_bar(const Progress& progress, Duration elapsed, int width);

/// The same as a line of a log.
std::string progress_line(const Progress& progress, bool with_rounds);

}  // namespace nettest
