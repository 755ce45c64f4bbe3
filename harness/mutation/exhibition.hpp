// The cases of the catalogue as proof that faults can be shown: which one shows a fault, and the
// smallest suite that does. Worked out on paper; nothing is deployed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine.hpp"
#include "harness/local/faults/fault.hpp"
#include "harness/mutation/rehearsal.hpp"
#include "suites/suite.hpp"

namespace nettest {

class Exhibition {
 public:
  /// Of builtin:conformance, as far as such an engine can run it.
  explicit Exhibition(Capabilities capabilities);

  /// A case that shows the fault, or nullptr: those that are there to detect its class are looked
  /// at first, then all others, in the order of the catalogue. An interrupt ends the search.
  const Case* find(const Fault& fault);

  /// The smallest suite that was found to show the fault: one case, one probe, and the expectation
  /// that the fault breaks. Nothing where no case shows it.
  std::optional<Suite> example(const Fault& fault);

 private:
  struct Found {
    std::size_t case_index = 0;
    Showing showing;
  };
  std::optional<Found> search(const Fault& fault);
  const Rehearsal* staged(std::size_t case_index);

  Capabilities capabilities_;
  Suite catalogue_;
  /// What was looked at, a case each, as rehearsals refer to it.
  std::map<std::size_t, Suite> suites_;
  std::map<std::size_t, Rehearsal> rehearsals_;
};

}  // namespace nettest
