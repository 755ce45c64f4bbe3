#include "harness/local/faults/fault.hpp"

#include <algorithm>
#include <iterator>

#include "harness/local/faults/rewrite.hpp"
#include "suites/bug_class.hpp"

namespace nettest {

std::string_view to_string(Flip flip) {
  switch (flip) {
    case Flip::allows:
      return "allows too much";
    case Flip::denies:
      return "denies too much";
    case Flip::both:
      break;
  }
  return "both";
}

const std::vector<Fault>& all_faults() {
  static const std::vector<Fault> all = [] {
    const std::vector<Fault> unordered = joined({peer_faults,
                                                 selector_faults,
                                                 isolation_faults,
                                                 merge_faults,
                                                 port_faults,
                                                 named_port_faults,
                                                 block_faults,
                                                 traffic_faults,
                                                 label_faults,
                                                 update_faults,
                                                 policy_faults,
                                                 pod_faults});
    std::vector<Fault> faults;
    for (const BugClass& one : bug_classes()) {
      std::copy_if(
          unordered.begin(), unordered.end(), std::back_inserter(faults), [&](const Fault& fault) {
            return fault.bug_class == one.code;
          });
    }
    return faults;
  }();
  return all;
}

}  // namespace nettest
