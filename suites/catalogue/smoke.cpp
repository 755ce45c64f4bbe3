#include "suites/catalogue/smoke.hpp"

namespace nettest::catalogue {

const std::vector<std::string_view>& smoke_names() {
  static const std::vector<std::string_view> names = {
      "blocks/egress/all-but-three",
      "blocks/egress/except-of-one-rule",
      "blocks/egress/excepted-and-allowed",
      "blocks/egress/nested-with-other-ports",
      "blocks/ingress/excepted-and-admitted-on-another-port",
      "blocks/ingress/five-blocks",
      "blocks/ingress/one-block-with-and-without-ports",
      "blocks/ingress/written-with-host-bits",
      "families/egress-both-blocks",
      "families/egress-by-selector",
      "kubernetes-e2e/one-target-opened",
      "kubernetes-e2e/pod-updated",
      "nodes/egress-allowed,ingress-denied",
      "nodes/egress-denied,ingress-allowed",
      "objects/longest-names-of-both",
      "objects/names-that-run-together",
      "objects/pod-that-claims-another-namespace",
      "objects/target-labelled-host",
      "policies/except,allowed-again",
      "ports-protocols/egress/no-protocol+80,udp+serve-81-udp",
      "ports-protocols/egress/tcp+53-80",
      "ports/egress/empty-port",
      "ports/egress/forty-two-ports",
      "ports/ingress/same-name-other-numbers",
      "ports/ingress/tcp-beside-sctp",
      "selectors/egress/contradiction",
      "selectors/egress/labels-and-expressions",
      "selectors/egress/not-in-some-labelled",
      "selectors/egress/unlabelled-pods-by-absence",
      "services/deny-all",
      "services/egress-to-target-port",
  };
  return names;
}

}  // namespace nettest::catalogue
