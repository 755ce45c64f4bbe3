#include "harness/local/faults/rewrite.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nettest {

namespace {

const char* const kGitHub = "https://github.com/";
/// Label keys that no manifest can hold.
const char* const kPodKey = "\x01pod";
const char* const kNamespaceKey = "\x01namespace";

LabelSelector one_of(const std::string& key, std::vector<std::string> values) {
  LabelSelector selector;
  selector.match_expressions = {{key, SelectorOperator::in, std::move(values)}};
  return selector;
}

template <typename List, typename Edit>
MakeMistake in_lists(List PolicyRule::*list, Edit edit) {
  return in_rules([list, edit](std::vector<PolicyRule>& rules, Direction) {
    std::vector<PolicyRule> kept;
    for (PolicyRule& rule : rules) {
      if (!(rule.*list).empty()) {
        edit(rule.*list);
        if ((rule.*list).empty()) {
          continue;
        }
      }
      kept.push_back(std::move(rule));
    }
    rules = std::move(kept);
  });
}

/// Replaces the selectors of one state by lists of what they choose.
class Reselecting {
 public:
  Reselecting(const ClusterState& state, const Choosing& choosing)
      : state_(state), choosing_(choosing) {}

  void policy(NetworkPolicy& policy) const {
    policy.pod_selector = pods(policy.pod_selector, choosing_.target);
    for (auto* rules : {&policy.ingress, &policy.egress}) {
      for (PolicyRule& rule : *rules) {
        for (PolicyPeer& each : rule.peers) {
          peer(each);
        }
      }
    }
  }

 private:
  void peer(PolicyPeer& peer) const {
    if (peer.pod_selector) {
      peer.pod_selector = pods(*peer.pod_selector, choosing_.peer);
    } else if (peer.namespace_selector && choosing_.peer) {
      peer.pod_selector = pods({}, choosing_.peer);
    }
    if (peer.namespace_selector && choosing_.peer_namespace) {
      std::vector<std::string> chosen;
      for (const Namespace& ns : state_.world.namespaces) {
        if (choosing_.peer_namespace(*peer.namespace_selector, ns)) {
          chosen.push_back(ns.name);
        }
      }
      peer.namespace_selector = one_of(kNamespaceKey, std::move(chosen));
    }
  }

  [[nodiscard]] LabelSelector pods(
      const LabelSelector& selector,
      const std::function<bool(const LabelSelector&, const Pod&)>& chooses) const {
    if (!chooses) {
      return selector;
    }
    std::vector<std::string> chosen;
    for (const Pod& pod : state_.world.pods) {
      if (chooses(selector, pod)) {
        chosen.push_back(to_string(pod.id));
      }
    }
    return one_of(kPodKey, std::move(chosen));
  }

  // NOLINTNEXTLINE(cppcoreguidelines-avoid-const-or-ref-data-members): lives inside one call.
  const ClusterState& state_;
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-const-or-ref-data-members)
  const Choosing& choosing_;
};

}  // namespace

std::string issue(const std::string& repository, int number) {
  return kGitHub + repository + "/issues/" + std::to_string(number);
}

std::string commit(const std::string& repository, const std::string& hash) {
  return kGitHub + repository + "/commit/" + hash;
}

std::vector<Fault> joined(std::initializer_list<std::vector<Fault> (*)()> parts) {
  std::vector<Fault> all;
  for (auto* part : parts) {
    auto more = part();
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
  return all;
}

MakeMistake in_beliefs(std::function<void(Believed&)> edit) {
  return [edit = std::move(edit)] {
    Mistake mistake;
    mistake.beliefs = [edit](Believed& believed, const NodeInput&) { edit(believed); };
    return mistake;
  };
}

MakeMistake in_policies(std::function<void(NetworkPolicy&)> edit) {
  return in_beliefs([edit = std::move(edit)](Believed& believed) {
    for (NetworkPolicy& policy : believed.state.policies) {
      edit(policy);
    }
  });
}

MakeMistake without_policies(std::function<bool(const NetworkPolicy&)> lost) {
  return in_beliefs([lost = std::move(lost)](Believed& believed) {
    auto& policies = believed.state.policies;
    policies.erase(std::remove_if(policies.begin(), policies.end(), lost), policies.end());
  });
}

MakeMistake in_rules(std::function<void(std::vector<PolicyRule>&, Direction)> edit) {
  return in_policies([edit = std::move(edit)](NetworkPolicy& policy) {
    edit(policy.ingress, Direction::ingress);
    edit(policy.egress, Direction::egress);
  });
}

MakeMistake in_peers(std::function<void(std::vector<PolicyPeer>&)> edit) {
  return in_lists(&PolicyRule::peers, std::move(edit));
}

MakeMistake in_ports(std::function<void(std::vector<PolicyPort>&)> edit) {
  return in_lists(&PolicyRule::ports, std::move(edit));
}

MakeMistake in_each_port(std::function<void(PolicyPort&)> edit) {
  return in_ports([edit = std::move(edit)](std::vector<PolicyPort>& ports) {
    std::for_each(ports.begin(), ports.end(), edit);
  });
}

namespace {

void resolve_names(const ResolveName& resolve,
                   const Believed& believed,
                   NetworkPolicy& policy,
                   Direction direction) {
  auto& rules = direction == Direction::ingress ? policy.ingress : policy.egress;
  std::vector<PolicyRule> kept;
  for (PolicyRule& rule : rules) {
    std::vector<PolicyPort> ports;
    for (const PolicyPort& port : rule.ports) {
      const bool named = std::holds_alternative<std::string>(port.port);
      const auto became = named ? resolve({believed, policy, rule, direction}, port) : std::nullopt;
      if (became) {
        ports.insert(ports.end(), became->begin(), became->end());
      } else {
        ports.push_back(port);
      }
    }
    if (ports.empty() && !rule.ports.empty()) {
      continue;
    }
    rule.ports = std::move(ports);
    kept.push_back(rule);
  }
  rules = std::move(kept);
}

}  // namespace

MakeMistake in_named_ports(ResolveName resolve) {
  return in_beliefs([resolve = std::move(resolve)](Believed& believed) {
    std::vector<NetworkPolicy> policies = believed.state.policies;
    for (NetworkPolicy& policy : policies) {
      resolve_names(resolve, believed, policy, Direction::ingress);
      resolve_names(resolve, believed, policy, Direction::egress);
    }
    believed.state.policies = std::move(policies);
  });
}

std::vector<const Pod*> peers_of_rule(const RuleContext& context) {
  const auto& believed = context.believed;
  const auto chosen = [&](const PolicyPeer& peer, const Pod& pod) {
    if (peer.ip_block) {
      return false;
    }
    const Namespace* const ns = find_namespace(believed.state.world, pod.id.namespace_name);
    const bool in_namespace =
        peer.namespace_selector
            ? ns != nullptr && selector_holds(*peer.namespace_selector, ns->labels)
            : pod.id.namespace_name == context.policy.id.namespace_name;
    return in_namespace && (!peer.pod_selector || selector_holds(*peer.pod_selector, pod.labels));
  };
  std::vector<const Pod*> pods;
  for (const Pod& pod : believed.state.world.pods) {
    if (context.rule.peers.empty() ||
        std::any_of(context.rule.peers.begin(),
                    context.rule.peers.end(),
                    [&](const PolicyPeer& peer) { return chosen(peer, pod); })) {
      pods.push_back(&pod);
    }
  }
  return pods;
}

MakeMistake in_gates(std::function<void(Gates&, const GateContext&)> edit) {
  return [edit = std::move(edit)] {
    Mistake mistake;
    mistake.gates = edit;
    return mistake;
  };
}

MakeMistake in_each_gate(std::function<void(Gate&)> edit) {
  return in_gates([edit = std::move(edit)](Gates& gates, const GateContext&) {
    for (auto& [pod, gate] : gates) {
      edit(gate);
    }
  });
}

void select_by(Believed& believed, const Choosing& choosing) {
  const ClusterState before = believed.state;
  for (Pod& pod : believed.state.world.pods) {
    pod.labels[kPodKey] = to_string(pod.id);
  }
  for (Namespace& ns : believed.state.world.namespaces) {
    ns.labels[kNamespaceKey] = ns.name;
  }
  const Reselecting reselecting(before, choosing);
  for (NetworkPolicy& policy : believed.state.policies) {
    reselecting.policy(policy);
  }
}

MakeMistake selecting(Choosing choosing) {
  return in_beliefs(
      [choosing = std::move(choosing)](Believed& believed) { select_by(believed, choosing); });
}

MakeMistake reading_labels(std::function<bool(const LabelSelector&, const Labels&)> holds) {
  Choosing choosing;
  choosing.target = [holds](const LabelSelector& selector, const Pod& pod) {
    return holds(selector, pod.labels);
  };
  choosing.peer = choosing.target;
  choosing.peer_namespace = [holds = std::move(holds)](const LabelSelector& selector,
                                                       const Namespace& ns) {
    return holds(selector, ns.labels);
  };
  return selecting(std::move(choosing));
}

MakeMistake in_program(std::function<void(NftProgram&)> edit) {
  return [edit = std::move(edit)] {
    Mistake mistake;
    mistake.program = edit;
    return mistake;
  };
}

void before_gates(NftProgram& program, const std::string& rule) {
  const auto first = std::find_if(program.hooks.begin(), program.hooks.end(), [](const auto& text) {
    return text.find(" forward iifname vmap ") != std::string::npos;
  });
  program.hooks.insert(first, "add rule inet " + program.table + " forward " + rule);
}

void first_in_gates(NftProgram& program, Direction direction, const std::string& rule) {
  const std::string chain =
      "add chain inet " + program.table + " " + std::string(to_string(direction));
  for (std::size_t i = 0; i < program.body.size(); ++i) {
    if (program.body[i].starts_with(chain)) {
      const std::string name = program.body[i].substr(std::string("add chain ").size());
      program.body.insert(program.body.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          "add rule " + name + " " + rule);
    }
  }
}

void in_gate_rules(NftProgram& program,
                   Direction direction,
                   const std::function<void(std::string& rule)>& edit) {
  const std::string chain =
      "add rule inet " + program.table + " " + std::string(to_string(direction));
  for (std::string& command : program.body) {
    if (command.starts_with(chain)) {
      edit(command);
    }
  }
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace nettest
