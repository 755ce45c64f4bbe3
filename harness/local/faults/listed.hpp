// The faults as they are told to people. Pure.
#pragma once

#include <vector>

#include "results/fault_list.hpp"

namespace nettest {

/// Every class with its faults, in order.
std::vector<ListedClass> listed_faults();

}  // namespace nettest
