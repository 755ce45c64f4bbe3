// Where output goes: streams that notice when they can't be written, terminals,
// colour. Touches file descriptors and the environment.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "harness/cli/command_line.hpp"
#include "results/outputs.hpp"

namespace nettest {

/// A descriptor that text is written to. The first failure is kept, and nothing
/// is written after it.
class OutputStream {
 public:
  explicit OutputStream(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view text);
  /// 0, or the errno of the write that failed.
  [[nodiscard]] int failure() const { return failure_; }
  [[nodiscard]] bool is_terminal() const;
  /// Columns of the terminal, by the terminal itself or COLUMNS; 0 where there is none.
  [[nodiscard]] int width() const;

 private:
  int descriptor_;
  int failure_ = 0;
};

/// Stdout and stderr of a command.
struct Console {
  OutputStream out{1};
  OutputStream err{2};
  ColourWish colour = ColourWish::automatic;

  [[nodiscard]] TextStyle style_of(const OutputStream& stream) const;
  /// Writes "nettest: <text>" to stderr.
  void complain(const std::string& text);
};

/// Says in words what writing to `where` ran into: "standard output: Broken pipe".
std::string write_failure(const std::string& where, int error_number);

}  // namespace nettest
