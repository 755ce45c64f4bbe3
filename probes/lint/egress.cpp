// What isolated pods still need, and what they should not reach: DNS, the metadata service. Pure.
#include <algorithm>
#include <map>

#include "probes/connectivity/external_ranges.hpp"
#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

constexpr Port kDnsPort = 53;
constexpr Port kHttpPort = 80;
constexpr const char* kMetadataName = "kubernetes.io/metadata.name";

bool covers(const PolicyPort& port, Protocol protocol, Port wanted) {
  if (port.protocol != protocol || std::holds_alternative<std::string>(port.port)) {
    return false;
  }
  const auto* first = std::get_if<Port>(&port.port);
  return first == nullptr || (*first <= wanted && wanted <= port.end_port.value_or(*first));
}

bool covers(const PolicyRule& rule, Protocol protocol, Port wanted) {
  return rule.ports.empty() ||
         std::any_of(rule.ports.begin(), rule.ports.end(), [&](const PolicyPort& port) {
           return covers(port, protocol, wanted);
         });
}

/// Whether the author thought of DNS: port 53, or a name, which only DNS pods can tell.
bool speaks_of_dns(const PolicyRule& rule) {
  return std::any_of(rule.ports.begin(), rule.ports.end(), [](const PolicyPort& port) {
    return std::holds_alternative<std::string>(port.port) ||
           covers(port, Protocol::udp, kDnsPort) || covers(port, Protocol::tcp, kDnsPort);
  });
}

/// Whether the peer may hold the cluster's DNS. In doubt it does.
bool may_be_dns(const PolicyPeer& peer, const std::string& own_namespace, const LintFacts& facts) {
  if (peer.ip_block) {
    return true;
  }
  if (!peer.namespace_selector) {
    return own_namespace == kSystemNamespace;
  }
  const KnownNamespace* system = facts.find_namespace(kSystemNamespace);
  const Labels bare = {{kMetadataName, kSystemNamespace}};
  if (selects(*peer.namespace_selector, system == nullptr ? bare : system->labels)) {
    return true;
  }
  const bool labels_unknown = system == nullptr || !system->declared;
  return labels_unknown && facts.select(*peer.namespace_selector).empty();
}

bool lets_dns_out(const NetworkPolicy& policy, const LintFacts& facts) {
  return std::any_of(policy.egress.begin(), policy.egress.end(), [&](const PolicyRule& rule) {
    return speaks_of_dns(rule) ||
           (rule.ports.empty() &&
            (rule.peers.empty() ||
             std::any_of(rule.peers.begin(), rule.peers.end(), [&](const PolicyPeer& peer) {
               return may_be_dns(peer, policy.id.namespace_name, facts);
             })));
  });
}

bool is_dns(const Pod& pod) {
  const auto app = pod.labels.find("k8s-app");
  return app != pod.labels.end() && (app->second == kDnsName || app->second == "coredns");
}

void report_dns(const NetworkPolicy& policy, const std::string& whom, LintSink& sink) {
  LintFinding finding = finding_about(policy, LintRule::egress_without_dns, {});
  finding.message = "isolates " + whom + " for egress, and nothing lets DNS out";
  finding.why = "what its rules admit can be reached by address, but no name resolves";
  finding.fix =
      "add an egress rule to namespaceSelector kubernetes.io/metadata.name: kube-system "
      "with podSelector k8s-app: kube-dns, ports 53/UDP and 53/TCP";
  sink.add(std::move(finding));
}

/// With pods: exactly those that may leave, and not to DNS; told at the first policy that has
/// egress rules for them. Pods that may not leave at all need no names.
void check_dns_of_pods(const LintFacts& facts, LintSink& sink) {
  const auto& policies = facts.compiled().policies();
  std::vector<bool> dns;
  dns.reserve(policies.size());
  for (const CompiledPolicy& compiled : policies) {
    dns.push_back(isolates(*compiled.written, Direction::egress) &&
                  lets_dns_out(*compiled.written, facts));
  }
  std::map<PolicyIndex, GroupSet> without;
  for (const GroupIndex group : facts.compiled().isolated(Direction::egress)) {
    const auto& isolating = facts.compiled().isolating(Direction::egress, group);
    const auto first = std::find_if(isolating.begin(), isolating.end(), [&](PolicyIndex policy) {
      return !policies[policy].written->egress.empty();
    });
    const bool resolves =
        std::any_of(isolating.begin(), isolating.end(), [&](PolicyIndex p) { return dns[p]; });
    if (first != isolating.end() && !resolves && !is_dns(facts.groups().representative(group))) {
      without[*first].add(group);
    }
  }
  for (const auto& [policy, groups] : without) {
    report_dns(*policies[policy].written, facts.names(groups, false), sink);
  }
}

/// Without pods: only where no policy of the namespace lets DNS out, whomever it selects.
void check_dns_of_namespaces(const LintFacts& facts, LintSink& sink) {
  std::map<std::string, bool> resolves;
  for (const NetworkPolicy& policy : facts.input().state.policies) {
    resolves[policy.id.namespace_name] |=
        isolates(policy, Direction::egress) && lets_dns_out(policy, facts);
  }
  for (const NetworkPolicy& policy : facts.input().state.policies) {
    if (isolates(policy, Direction::egress) && !policy.egress.empty() &&
        !resolves[policy.id.namespace_name]) {
      report_dns(policy, "its pods", sink);
    }
  }
}

/// Where clouds answer with credentials.
const std::vector<IpAddress>& metadata_addresses() {
  static const std::vector<IpAddress> addresses = {*IpAddress::parse("169.254.169.254"),
                                                   *IpAddress::parse("fd00:ec2::254")};
  return addresses;
}

/// A block this small that holds the address was written for it.
bool is_meant(const Cidr& block) {
  constexpr int kLinkLocal4 = 16;
  constexpr int kLinkLocal6 = 32;
  return block.length() >= (block.family() == IpFamily::ipv4 ? kLinkLocal4 : kLinkLocal6);
}

void check_metadata(const NetworkPolicy& policy, const IpBlock& block, LintSink& sink) {
  for (const IpAddress& address : metadata_addresses()) {
    if (!block.cidr.cidr || is_meant(*block.cidr.cidr) || !selects(block, address)) {
      continue;
    }
    const std::string text = to_string(address);
    LintFinding finding = finding_about(policy, LintRule::metadata_reachable, block.cidr.where);
    finding.message = block.cidr.written + " holds " + text + ", the metadata service of clouds";
    finding.why = "it hands out the node's credentials to any pod that asks";
    finding.fix = "add except: [" + text + (address.width() == 32 ? "/32]" : "/128]");
    sink.add(std::move(finding));
  }
}

void check_metadata(const NetworkPolicy& policy, const PolicyRule& rule, LintSink& sink) {
  if (!covers(rule, Protocol::tcp, kHttpPort)) {
    return;
  }
  for (const PolicyPeer& peer : rule.peers) {
    if (peer.ip_block) {
      check_metadata(policy, *peer.ip_block, sink);
    }
  }
  // Without ports too it is everything, which is a finding of its own.
  if (rule.peers.empty() && !rule.ports.empty()) {
    LintFinding finding = finding_about(policy, LintRule::metadata_reachable, rule.where);
    finding.message =
        "a rule without \"to\" admits 169.254.169.254:80, the metadata service of clouds";
    finding.why = "it hands out the node's credentials to any pod that asks";
    finding.fix =
        "name the peers; for outside addresses ipBlock 0.0.0.0/0 with except: "
        "[169.254.169.254/32]";
    sink.add(std::move(finding));
  }
}

}  // namespace

void lint_egress(const LintFacts& facts, LintSink& sink) {
  if (facts.pods().empty()) {
    check_dns_of_namespaces(facts, sink);
  } else {
    check_dns_of_pods(facts, sink);
  }
  for (const NetworkPolicy& policy : facts.input().state.policies) {
    if (isolates(policy, Direction::egress)) {
      for (const PolicyRule& rule : policy.egress) {
        check_metadata(policy, rule, sink);
      }
    }
  }
}

}  // namespace nettest
