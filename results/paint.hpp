// Colours for terminals; without colour, the text as it is. Pure.
#pragma once

#include <string>
#include <string_view>

#include "results/matrix.hpp"

namespace nettest {

enum class Paint { plain, heading, good, bad, unclear, faint };

/// Wraps text in the escape sequence of `paint` when `colour` is on.
std::string painted(std::string_view text, Paint paint, bool colour);

/// The colour of a cell: trouble stands out, what is as predicted stays plain.
Paint paint_of(Mark mark);

}  // namespace nettest
