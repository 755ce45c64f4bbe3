#include "results/comparison.hpp"

namespace nettest {

std::string_view to_string(Agreement agreement) {
  switch (agreement) {
    case Agreement::match:
      return "match";
    case Agreement::mismatch:
      return "mismatch";
    case Agreement::inconclusive:
      return "inconclusive";
  }
  return "?";
}

std::string_view to_string(Control control) {
  switch (control) {
    case Control::open:
      return "open";
    case Control::not_open:
      return "not-open";
    case Control::not_done:
      return "not-done";
    case Control::impossible:
      return "impossible";
  }
  return "?";
}

}  // namespace nettest
