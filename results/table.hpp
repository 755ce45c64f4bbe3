// Lays out matrices as text for terminals. Pure.
#pragma once

#include <string>
#include <vector>

#include "results/matrix.hpp"
#include "results/outputs.hpp"

namespace nettest {

/// Lays out matrices one under the other. Column headings stand by namespace; where that is wider
/// than the terminal columns are numbered, and where that is too wide they go on below.
std::string table_text(const std::vector<Matrix>& matrices, const TextStyle& style);

}  // namespace nettest
