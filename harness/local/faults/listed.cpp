#include "harness/local/faults/listed.hpp"

#include <string>

#include "harness/local/faults/fault.hpp"
#include "harness/local/faults/fault_classes.hpp"
#include "suites/bug_class.hpp"

namespace nettest {

std::vector<ListedClass> listed_faults() {
  std::vector<ListedClass> classes;
  for (const BugClass& one : bug_classes()) {
    ListedClass listed{
        std::string(one.code), std::string(one.meaning), std::string(left_out(one.code)), {}};
    for (const Fault& fault : all_faults()) {
      if (fault.bug_class == one.code) {
        listed.faults.push_back({fault.name,
                                 fault.about,
                                 std::string(to_string(fault.flip)),
                                 fault.kind == FaultKind::dynamic,
                                 fault.references,
                                 fault.equivalent});
      }
    }
    classes.push_back(std::move(listed));
  }
  return classes;
}

}  // namespace nettest
