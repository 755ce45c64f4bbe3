// Ports of rules that nobody serves, by number and by name. Pure.
#include <algorithm>

#include "base/text.hpp"
#include "probes/lint/facts.hpp"

namespace nettest {

namespace {

/// How many pods are compared with services to find out whose port was taken for a pod's.
constexpr std::size_t kMostPods = 50;

/// The ports of a rule, and who is asked for them.
struct PortSite {
  const NetworkPolicy& policy;
  Direction direction;
  const PolicyRule& rule;
  /// Pods at the receiving end.
  GroupSet destinations;
  /// Also outside addresses are, about whose ports nothing is known.
  bool outside = false;
};

std::string number_text(const PolicyPort& port) {
  const Port first = std::get<Port>(port.port);
  return std::to_string(first) +
         (port.end_port && *port.end_port != first ? "-" + std::to_string(*port.end_port) : "");
}

std::string port_text(const PolicyPort& port) {
  return number_text(port) + "/" + std::string(to_string(port.protocol));
}

/// The port of the pods behind a port of a service, in words; empty when it is the same.
std::string target_words(const ServicePort& port) {
  if (const auto* number = std::get_if<Port>(&port.target_port)) {
    return *number == port.port ? "" : std::to_string(*number);
  }
  const auto* name = std::get_if<std::string>(&port.target_port);
  return name == nullptr ? "" : "\"" + *name + "\"";
}

/// Services by namespace.
class Services {
 public:
  explicit Services(const World& world) {
    for (const Service& service : world.services) {
      by_namespace_[service.id.namespace_name].push_back(&service);
    }
  }

  /// Calls `visit(service, port)` for the ports of services in front of the first of `groups`;
  /// ends when it returns true.
  template <typename Visit>
  void visit(const GroupSet& groups, const LintFacts& facts, Visit visit) const {
    std::size_t left = kMostPods;
    for (const GroupIndex group : groups) {
      for (const PodIndex member : facts.groups().members(group)) {
        if (left-- == 0 || visit_pod(facts.pods()[member], visit)) {
          return;
        }
      }
    }
  }

 private:
  template <typename Visit>
  bool visit_pod(const Pod& pod, Visit visit) const {
    const auto found = by_namespace_.find(pod.id.namespace_name);
    if (found == by_namespace_.end()) {
      return false;
    }
    for (const Service* service : found->second) {
      if (!selects(service->selector, pod.labels)) {
        continue;
      }
      for (const ServicePort& port : service->ports) {
        if (visit(*service, port)) {
          return true;
        }
      }
    }
    return false;
  }

  std::map<std::string, std::vector<const Service*>> by_namespace_;
};

class PortChecks {
 public:
  PortChecks(const LintFacts& facts, LintSink& sink)
      : facts_(facts), sink_(sink), services_(facts.input().state.world) {}

  void check(const PortSite& site) {
    for (const PolicyPort& port : site.rule.ports) {
      if (std::holds_alternative<std::string>(port.port)) {
        check_name(site, port);
      } else if (std::holds_alternative<Port>(port.port) && !site.outside) {
        check_number(site, port);
      }
    }
  }

 private:
  void check_number(const PortSite& site, const PolicyPort& port);
  bool check_service(const PortSite& site, const PolicyPort& port);
  void check_name(const PortSite& site, const PolicyPort& port);
  [[nodiscard]] std::string name_fix(const PortSite& site,
                                     const PolicyPort& port,
                                     const std::string& name) const;

  const LintFacts& facts_;
  LintSink& sink_;
  Services services_;
};

std::string who(const PortSite& site, const LintFacts& facts) {
  return facts.names(site.destinations, site.direction == Direction::egress);
}

bool PortChecks::check_service(const PortSite& site, const PolicyPort& port) {
  bool found = false;
  services_.visit(
      site.destinations, facts_, [&](const Service& service, const ServicePort& offered) {
        const std::string target = target_words(offered);
        if (port.end_port || offered.port != std::get<Port>(port.port) ||
            offered.protocol != port.protocol || target.empty()) {
          return false;
        }
        LintFinding finding = finding_about(site.policy, LintRule::service_port, port.where);
        finding.message = port_text(port) + " is the port of Service " + to_string(service.id) +
                          "; its pods serve " + target;
        finding.why =
            "policies see connections at the pod, after the service's port was translated";
        finding.fix = "write port: " + target;
        sink_.add(std::move(finding));
        found = true;
        return true;
      });
  return found;
}

void PortChecks::check_number(const PortSite& site, const PolicyPort& port) {
  const Port first = std::get<Port>(port.port);
  const Port last = port.end_port.value_or(first);
  const PortFacts& ports = facts_.ports();
  if (site.destinations.isEmpty() || ports.serves(site.destinations, port.protocol, first, last) ||
      check_service(site, port) || ports.silent().intersect(site.destinations)) {
    return;
  }
  LintFinding finding = finding_about(site.policy, LintRule::port_nobody_serves, port.where);
  finding.message = "no pod serves " + port_text(port) + " among " + who(site, facts_);
  finding.why = "the rule opens nothing there";
  const auto& declared = ports.declared(site.destinations);
  for (const Protocol other : kPrintedProtocols) {
    if (other != port.protocol && ports.serves(site.destinations, other, first, last)) {
      finding.fix = number_text(port) + " is served by " + std::string(to_string(other)) +
                    ": write protocol: " + std::string(to_string(other)) +
                    " (TCP is what an absent protocol means)";
    }
  }
  if (finding.fix.empty()) {
    finding.fix = "they declare " + to_string(declared) +
                  "; write one of these, or declare the containerPort if it is served";
  }
  sink_.add(std::move(finding));
}

std::string PortChecks::name_fix(const PortSite& site,
                                 const PolicyPort& port,
                                 const std::string& name) const {
  const auto names = facts_.ports().names(site.destinations);
  if (const auto same = names.find(name); same != names.end()) {
    return "the port of that name is " + std::string(to_string(*same->second.begin())) +
           ", the rule says " + std::string(to_string(port.protocol)) +
           " (which an absent protocol means)";
  }
  std::string fix;
  services_.visit(
      site.destinations, facts_, [&](const Service& service, const ServicePort& offered) {
        if (offered.name == name) {
          const std::string target = target_words(offered);
          fix = "it is the name of a port of Service " + to_string(service.id) +
                ", and names of services do not count; write port: " +
                (target.empty() ? std::to_string(offered.port) : target);
        }
        return !fix.empty();
      });
  if (!fix.empty()) {
    return fix;
  }
  std::vector<std::string> known;
  for (const auto& [other, protocols] : names) {
    known.push_back(other);
  }
  if (const auto near = nearest(name, known)) {
    return "did you mean \"" + *near + "\"?";
  }
  return known.empty() ? "write the number, or name the containerPort"
                       : "they have " + join(known, ", ") + "; write one of these, or the number";
}

void PortChecks::check_name(const PortSite& site, const PolicyPort& port) {
  const auto& name = std::get<std::string>(port.port);
  const bool only_outside = site.outside && site.destinations.isEmpty();
  const bool written_elsewhere = site.destinations.isEmpty() && !only_outside;
  if (written_elsewhere || facts_.ports().has_name(site.destinations, port.protocol, name)) {
    return;
  }
  LintFinding finding = finding_about(site.policy, LintRule::port_name_unknown, port.where);
  finding.why =
      "a name stands for the containerPort of that name in each destination pod; here "
      "for none, and the rule opens nothing";
  if (only_outside) {
    finding.message = "the port name \"" + name + "\" can mean nothing at outside addresses";
    finding.fix = "write the number";
  } else {
    finding.message = "no " + std::string(to_string(port.protocol)) + " port is named \"" + name +
                      "\" among " + who(site, facts_);
    finding.fix = name_fix(site, port, name);
  }
  sink_.add(std::move(finding));
}

/// Who is asked by an egress rule.
PortSite egress_site(const NetworkPolicy& policy,
                     const PolicyRule& rule,
                     const CompiledRule& compiled) {
  const bool blocks = !compiled.blocks.empty();
  // Without peers everybody is asked, inside and outside; no pod at all would have to have the
  // name.
  return {policy, Direction::egress, rule, compiled.selected, blocks || rule.peers.empty()};
}

bool only_blocks(const PolicyRule& rule) {
  return !rule.peers.empty() &&
         std::all_of(
             rule.peers.begin(), rule.peers.end(), [](const auto& peer) { return peer.ip_block; });
}

}  // namespace

void lint_ports(const LintFacts& facts, LintSink& sink) {
  PortChecks checks(facts, sink);
  for (const CompiledPolicy& compiled : facts.compiled().policies()) {
    const NetworkPolicy& policy = *compiled.written;
    for (const PolicyRule& rule : policy.ingress) {
      checks.check({policy, Direction::ingress, rule, compiled.targets, false});
    }
    for (std::size_t i = 0; i < policy.egress.size(); ++i) {
      PortSite site = egress_site(policy, policy.egress[i], compiled.egress[i]);
      // A name between pods written elsewhere and outside addresses may mean the former.
      const bool unclear =
          site.outside && site.destinations.isEmpty() && !only_blocks(policy.egress[i]);
      if (!unclear) {
        checks.check(site);
      }
    }
  }
}

}  // namespace nettest
