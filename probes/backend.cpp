#include "probes/backend.hpp"

#include <algorithm>
#include <string>

namespace nettest {

void judge_backend(Attempt& attempt, const std::vector<PodId>& expected) {
  if (attempt.signal != Signal::connected || expected.empty()) {
    return;
  }
  const auto& who = attempt.answered_by;
  const auto answered = [&who](const PodId& id) {
    return who.size() == id.namespace_name.size() + 1 + id.name.size() && who == to_string(id);
  };
  if (std::any_of(expected.begin(), expected.end(), answered)) {
    return;
  }
  attempt.signal = Signal::wrong_backend;
  attempt.detail += attempt.detail.empty() ? "" : ": ";
  attempt.detail += "answered instead of ";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    attempt.detail += (i == 0 ? "" : " or ") + to_string(expected[i]);
  }
}

}  // namespace nettest
