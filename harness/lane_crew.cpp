#include "harness/lane_crew.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "harness/interrupt.hpp"

namespace nettest {

Result<void> LaneCrew::start(const std::function<void(LineChannel&)>& work) {
  auto process = start_lane(work);
  if (!process) {
    return tl::unexpected(process.error());
  }
  members_.push_back({std::move(*process), false});
  return {};
}

void LaneCrew::send(std::size_t lane, std::string_view line) {
  members_[lane].process.channel.send(line);
}

void LaneCrew::serve(const LaneListener& listener, Duration patience) {
  for (;;) {
    const std::vector<std::size_t> lanes = living();
    if (lanes.empty()) {
      return;
    }
    std::vector<LaneProcess*> processes;
    processes.reserve(lanes.size());
    for (const std::size_t lane : lanes) {
      processes.push_back(&members_[lane].process);
    }
    const auto ready = wait_for_lanes(processes, kill_at_, stopping_);
    if (interrupted()) {
      pass_on_interrupt(patience);
    }
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (ready[i]) {
        hear(lanes[i], listener);
      } else if (std::chrono::steady_clock::now() > kill_at_) {
        kill_lane(*processes[i]);
      }
    }
  }
}

std::vector<std::size_t> LaneCrew::living() const {
  std::vector<std::size_t> lanes;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i].gone) {
      lanes.push_back(i);
    }
  }
  return lanes;
}

void LaneCrew::pass_on_interrupt(Duration patience) {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  kill_at_ = std::chrono::steady_clock::now() + patience;
  for (const Member& member : members_) {
    if (!member.gone) {
      interrupt_lane(member.process);
    }
  }
}

void LaneCrew::hear(std::size_t lane, const LaneListener& listener) {
  Member& member = members_[lane];
  bool ended = false;
  for (const auto& line : member.process.channel.read_lines(ended)) {
    listener.on_line(lane, line);
  }
  if (ended) {
    member.gone = true;
    listener.on_gone(lane, reap_lane(member.process));
  }
}

}  // namespace nettest
