#include "suites/catalogue/kubernetes_e2e.hpp"

#include <utility>

namespace nettest::catalogue {

Case kubernetes_case(const std::string& name,
                     std::string reason,
                     Marks marks,
                     std::vector<Step> steps) {
  marks.tags.insert(marks.tags.begin(), "kubernetes-e2e");
  return make_case("kubernetes-e2e/" + name, std::move(reason), std::move(marks), std::move(steps));
}

LabelSelector namespace_named(const std::string& name) {
  return labelled({{"kubernetes.io/metadata.name", name}});
}

std::vector<Case> kubernetes_e2e_cases() {
  std::vector<Case> cases = kubernetes_peer_cases();
  for (const auto& part :
       {kubernetes_port_cases(), kubernetes_change_cases(), kubernetes_egress_cases()}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
