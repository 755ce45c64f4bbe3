// Stands in for the simulator's words until they have landed; the linker prefers theirs.
#include "probes/prediction.hpp"

namespace nettest {

[[gnu::weak]] std::string explain(const Prediction& prediction) {
  return "(" + std::string(to_string(prediction.reason)) + ") " + prediction.because.note;
}

}  // namespace nettest
