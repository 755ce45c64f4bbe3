#include "probes/prediction.hpp"

namespace nettest {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed:
      return "allowed";
    case Verdict::blocked:
      return "blocked";
    case Verdict::either:
      return "either";
  }
  return "?";
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::open:
      return "open";
    case Reason::rule:
      return "rule";
    case Reason::no_rule:
      return "no-rule";
    case Reason::dns:
      return "dns";
    case Reason::no_endpoint:
      return "no-endpoint";
    case Reason::undefined:
      return "undefined";
  }
  return "?";
}

}  // namespace nettest
