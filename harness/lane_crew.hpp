// Several lanes at work: what each says is heard until all have ended. A shell over lane processes.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/lane_process.hpp"

namespace nettest {

/// Who is told what lanes say; `lane` counts from 0 in the order in which they were started.
struct LaneListener {
  std::function<void(std::size_t lane, const std::string& line)> on_line;
  /// The lane has ended, and how ("ended with exit code 0").
  std::function<void(std::size_t lane, const std::string& how)> on_gone;
};

class LaneCrew {
 public:
  /// Starts a lane. Call before any thread exists.
  Result<void> start(const std::function<void(LineChannel&)>& work);
  void send(std::size_t lane, std::string_view line);

  /// Listens until every lane has gone. An interrupt is passed on to them once; those that have not
  /// ended `patience` after it are killed.
  void serve(const LaneListener& listener, Duration patience);

 private:
  struct Member {
    LaneProcess process;
    bool gone = false;
  };
  [[nodiscard]] std::vector<std::size_t> living() const;
  void hear(std::size_t lane, const LaneListener& listener);
  void pass_on_interrupt(Duration patience);

  /// A deque, so that members stay where they are.
  std::deque<Member> members_;
  bool stopping_ = false;
  TimePoint kill_at_ = TimePoint::max();
};

}  // namespace nettest
