#include "suites/catalogue/smoke.hpp"

namespace nettest::catalogue {

const std::vector<std::string_view>& smoke_names() {
  static const std::vector<std::string_view> names = {
      "target/pods-by-expression",
      "rules/ingress/deny-all",
      "rules/egress/deny-all",
      "peers/ingress/pods-by-label+namespaces-by-label",
      "peers/egress/empty-pods,pods-by-label+empty-namespaces",
      "ports-protocols/egress/tcp+serve-80-tcp",
      "ports-protocols/ingress/tcp+53-80",
      "ports-protocols/ingress/udp+every-port",
      "actions/policy-updated",
      "actions/pod-labelled",
      "conflicts/egress-allowed,ingress-denied",
      "selectors/ingress/not-in-some-labelled",
      "policies/peers-only,ports-only",
      "policies/replies-of-a-shut-server",
      "blocks/egress/all-but-one",
      "ports/ingress/same-name-other-numbers",
      "transitions/last-guest-leaves",
      "transitions/first-of-two-deleted",
      "nodes/one-selector-on-two-nodes",
  };
  return names;
}

}  // namespace nettest::catalogue
