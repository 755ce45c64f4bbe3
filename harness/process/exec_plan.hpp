// The part of starting a child that runs between fork and exec: no allocation, no locks. Edge (OS).
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "harness/process/child.hpp"

namespace nettest {

/// The step at which a child failed to become its program.
enum class ExecStep : int { none, stdio, group, signals, namespaces, directory, parent, exec };

/// What a failed child sends through its report pipe.
struct ExecFailure {
  ExecStep step = ExecStep::none;
  int error_number = 0;
  /// Which of the namespaces.
  int index = 0;
};

/// Everything that the child needs, made ready before the fork.
class ExecPlan {
 public:
  /// `stdio`: the child's ends, all above 2. `report`: the close-on-exec end of the report pipe.
  ExecPlan(const ChildSpec& spec, std::vector<int> stdio, int report);

  /// Runs in the child; never returns.
  [[noreturn]] void run() const;

  /// The sentence for a failure: "wget: not found in /usr/bin:/bin".
  [[nodiscard]] std::string explain(const ExecFailure& failure) const;

 private:
  [[nodiscard]] ExecFailure prepare() const;
  [[nodiscard]] int exec() const;

  const ChildSpec* spec_;
  std::vector<int> stdio_;
  int report_;
  pid_t parent_;
  std::string search_path_;
  /// Paths to try, in order.
  std::vector<std::string> programs_;
  std::vector<std::string> environment_;
  std::vector<char*> argv_;
  std::vector<char*> environ_;
};

}  // namespace nettest
