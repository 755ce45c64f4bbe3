#include "suites/catalogue/gaps.hpp"

#include <utility>

namespace nettest::catalogue {

Case gap(std::string name, std::string reason, Marks marks, std::vector<Step> steps) {
  marks.tags.insert(marks.tags.begin(), "gap");
  return make_case(std::move(name), std::move(reason), std::move(marks), std::move(steps));
}

Case gap(std::string name,
         std::string reason,
         Marks marks,
         const std::vector<Policy>& policies,
         std::vector<Expectation> expect) {
  Changes changes;
  for (const auto& policy : policies) {
    changes.push_back(apply(policy));
  }
  return gap(std::move(name),
             std::move(reason),
             std::move(marks),
             {step("apply", std::move(changes), std::move(expect))});
}

Policy about_xa(Direction direction, Peers peers, Ports ports) {
  return Policy("x", "about-a", labelled({{"pod", "a"}}))
      .rule(direction, std::move(peers), std::move(ports));
}

std::vector<Case> gap_cases() {
  std::vector<Case> cases;
  for (const auto& make : {selector_gaps,
                           policy_gaps,
                           block_gaps,
                           port_gaps,
                           world_transition_gaps,
                           update_gaps,
                           object_gaps,
                           path_gaps,
                           telling_gaps}) {
    const auto part = make();
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
