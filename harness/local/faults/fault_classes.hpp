// The classes of enforcement bugs that real CNI plugins have had, and which of them faults cover.
// Pure.
#pragma once

#include <string>
#include <vector>

namespace nettest {

/// A class of bugs. `left_out` says why no fault can show it in a local world; empty: some do.
struct FaultClass {
  std::string code;
  std::string meaning;
  std::string left_out;
};

/// Every class, in the order in which they are told.
const std::vector<FaultClass>& fault_classes();

}  // namespace nettest
