#include "results/paint.hpp"

namespace nettest {

namespace {

std::string_view sequence(Paint paint) {
  switch (paint) {
    case Paint::heading:
      return "\x1b[1m";
    case Paint::good:
      return "\x1b[32m";
    case Paint::bad:
      return "\x1b[1;31m";
    case Paint::unclear:
      return "\x1b[33m";
    case Paint::faint:
      return "\x1b[2m";
    case Paint::plain:
      break;
  }
  return "";
}

}  // namespace

std::string painted(std::string_view text, Paint paint, bool colour) {
  if (!colour || paint == Paint::plain || text.empty()) {
    return std::string(text);
  }
  return std::string(sequence(paint)) + std::string(text) + "\x1b[0m";
}

Paint paint_of(Mark mark) {
  if (mark.flag == '!') {
    return Paint::bad;
  }
  if (mark.symbol == '?') {
    return Paint::unclear;
  }
  return mark.flag == '~' || mark.symbol == '~' || mark.symbol == '-' ? Paint::faint : Paint::plain;
}

}  // namespace nettest
