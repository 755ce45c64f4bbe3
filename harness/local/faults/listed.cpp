#include "harness/local/faults/listed.hpp"

#include <string>

#include "harness/local/faults/fault.hpp"
#include "harness/local/faults/fault_classes.hpp"

namespace nettest {

std::vector<ListedClass> listed_faults() {
  std::vector<ListedClass> classes;
  for (const FaultClass& one : fault_classes()) {
    ListedClass listed{one.code, one.meaning, one.left_out, {}};
    for (const Fault& fault : all_faults()) {
      if (fault.bug_class == one.code) {
        listed.faults.push_back({fault.name,
                                 fault.about,
                                 std::string(to_string(fault.flip)),
                                 fault.kind == FaultKind::dynamic,
                                 fault.references});
      }
    }
    classes.push_back(std::move(listed));
  }
  return classes;
}

}  // namespace nettest
