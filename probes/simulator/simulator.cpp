#include "probes/simulator/simulator.hpp"

#include <utility>

#include "base/text.hpp"
#include "probes/endpoints.hpp"
#include "probes/simulator/judge.hpp"
#include "probes/simulator/near_miss.hpp"

namespace nettest {

namespace {

std::string to_text(const Probe& probe) {
  return std::visit([](const auto& id) { return to_string(id); }, probe.to);
}

std::string asked_port(const Probe& probe) {
  return std::to_string(probe.port) + "/" + std::string(to_string(probe.protocol));
}

}  // namespace

struct Simulator::Compiled {
  Compiled(const ClusterState& given, const AddressBook& book)
      : state(given),
        addresses(book),
        policies(state, addresses),
        judge(policies, state, addresses) {}

  [[nodiscard]] const PodId& pod(PodIndex index) const { return state.world.pods[index].id; }
  [[nodiscard]] std::optional<IpAddress> address(PodIndex index, IpFamily family) const;
  [[nodiscard]] Labels namespace_labels(const std::string& name) const;
  [[nodiscard]] EndDecision describe(Direction direction, const Judged& judged) const;
  [[nodiscard]] std::string miss(Direction direction, const Judged& judged, const End& end) const;
  [[nodiscard]] std::string note(const Probe& probe, const Judged& judged) const;
  [[nodiscard]] std::string note_of_service(const Probe& probe) const;
  [[nodiscard]] std::string note_of_name(const Probe& probe, const Judged& judged) const;
  [[nodiscard]] std::string note_of_backends(const Probe& probe) const;
  [[nodiscard]] std::string left_open(const Judged& judged) const;
  [[nodiscard]] std::string lacking_address(const Probe& probe) const;

  ClusterState state;
  AddressBook addresses;
  CompiledPolicies policies;
  Judge judge;
};

std::optional<IpAddress> Simulator::Compiled::address(PodIndex index, IpFamily family) const {
  const auto found = addresses.pods.find(pod(index));
  return found == addresses.pods.end() ? std::nullopt : address_of(found->second, family);
}

Labels Simulator::Compiled::namespace_labels(const std::string& name) const {
  const auto* const found = find_namespace(state.world, name);
  return found == nullptr ? Labels{{"kubernetes.io/metadata.name", name}} : found->labels;
}

std::string Simulator::Compiled::miss(Direction direction,
                                      const Judged& judged,
                                      const End& end) const {
  const Connection& connection = *judged.connection;
  const bool egress = direction == Direction::egress;
  const PodIndex subject = egress ? connection.from : connection.to;
  const PodIndex peer = egress ? connection.to : connection.from;
  std::vector<const NetworkPolicy*> isolating;
  for (const PolicyIndex policy : *end.isolating) {
    isolating.push_back(&state.policies[policy]);
  }
  const Labels labels = namespace_labels(pod(peer).namespace_name);
  return nearest_miss({direction,
                       state.world.pods[subject],
                       state.world.pods[peer],
                       labels,
                       address(peer, connection.flow.family),
                       connection.flow},
                      isolating);
}

EndDecision Simulator::Compiled::describe(Direction direction, const Judged& judged) const {
  const bool egress = direction == Direction::egress;
  const End& end = egress ? judged.outcome.egress : judged.outcome.ingress;
  EndDecision decision;
  decision.direction = direction;
  decision.pod = pod(egress ? judged.connection->from : judged.connection->to);
  decision.allowed = end.allowed;
  if (end.isolating != nullptr) {
    decision.tier = "NetworkPolicy";
    for (const PolicyIndex policy : *end.isolating) {
      decision.isolating.push_back(state.policies[policy].id);
    }
  }
  if (end.admitted_by) {
    const auto& policy = state.policies[end.admitted_by->policy];
    const auto& rule = rules(policy, direction)[end.admitted_by->rule];
    decision.admitted_by = RuleRef{policy.id, direction, end.admitted_by->rule, rule.where};
  }
  if (!end.allowed) {
    decision.nearest_miss = miss(direction, judged, end);
  }
  return decision;
}

std::string Simulator::Compiled::left_open(const Judged& judged) const {
  const Connection& connection = *judged.connection;
  switch (judged.outcome.left_open) {
    case LeftOpen::nothing:
      break;
    case LeftOpen::host_network: {
      const bool from = state.world.pods[connection.from].host_network;
      return to_string(pod(from ? connection.from : connection.to)) +
             " uses the host network: whether policies see it as a pod or as its node is "
             "undefined";
    }
    case LeftOpen::translation: {
      const auto backend = address(connection.to, connection.flow.family);
      return "an ipBlock of egress of " + to_string(pod(connection.from)) +
             " decides, and whether it is compared with the service's address " +
             to_string(connection.dialled->address) + " or with that of " +
             to_string(pod(connection.to)) + (backend ? ", " + to_string(*backend) : "") +
             ", is undefined";
    }
  }
  return "";
}

std::string Simulator::Compiled::note_of_service(const Probe& probe) const {
  const auto* const entry = judge.find(std::get<ServiceId>(probe.to));
  std::string text =
      "service " + to_text(probe) + " has no endpoint on port " + asked_port(probe) + ": ";
  if (entry->service->selector.empty()) {
    return text + "it has no selector";
  }
  if (entry->pods.empty()) {
    return text + "no pod of namespace " + entry->service->id.namespace_name + " has " +
           to_string(entry->service->selector);
  }
  const auto* const port = find_port(*entry->service, probe.port, probe.protocol);
  const auto* const name = port == nullptr ? nullptr : std::get_if<std::string>(&port->target_port);
  return text +
         (name != nullptr
              ? "no pod behind it has a " + std::string(to_string(probe.protocol)) +
                    " port named \"" + *name + "\""
              : "no pod behind it has an address of " + std::string(to_string(probe.family)));
}

std::string Simulator::Compiled::note_of_name(const Probe& probe, const Judged& judged) const {
  const std::string name = probe.host.empty() ? to_text(probe) : probe.host;
  if (judged.circumstance == Circumstance::name_undefined) {
    const std::string why = judged.connection ? left_open(judged) : "";
    return "whether " + name + " can be resolved is undefined" + (why.empty() ? "" : ": " + why);
  }
  if (!judged.connection) {
    return name + " cannot be resolved: service " + kSystemNamespace + "/" + kDnsName +
           " has no endpoint";
  }
  return name + " cannot be resolved: " + to_string(probe.from) + " does not reach " +
         to_string(pod(judged.connection->to)) + " on " +
         std::to_string(judged.connection->flow.port) + "/" +
         std::string(to_string(judged.connection->flow.protocol));
}

std::string Simulator::Compiled::note_of_backends(const Probe& probe) const {
  const auto from = policies.groups().find(probe.from);
  const auto* const entry = judge.find(std::get<ServiceId>(probe.to));
  std::vector<std::string> verdicts;
  for (const auto& way : judge.ways(*from, *entry, {probe.protocol, probe.port, probe.family})) {
    const Judged judged = judge.judge(way, true);
    verdicts.push_back(to_string(pod(way.to)) +
                       (judged.circumstance == Circumstance::hairpin
                            ? " is the asker itself"
                            : " " + std::string(to_string(judged.verdict))));
  }
  constexpr std::size_t kShown = 4;
  if (verdicts.size() > kShown) {
    const std::string more = std::to_string(verdicts.size() - kShown) + " more";
    verdicts.resize(kShown);
    verdicts.push_back(more);
  }
  return "it depends on which pod behind service " + to_text(probe) +
         " answers: " + join(verdicts, ", ");
}

std::string Simulator::Compiled::lacking_address(const Probe& probe) const {
  const auto from = policies.groups().find(probe.from);
  const bool source = !address(*from, probe.family);
  return (source ? to_string(probe.from) : to_text(probe)) + " has no " +
         std::string(to_string(probe.family)) + " address";
}

std::string Simulator::Compiled::note(const Probe& probe, const Judged& judged) const {
  const bool service = std::holds_alternative<ServiceId>(probe.to);
  switch (judged.circumstance) {
    case Circumstance::none:
      return left_open(judged);
    case Circumstance::no_source:
      return "pod " + to_string(probe.from) + " does not exist";
    case Circumstance::no_destination:
      return (service ? "service " : "pod ") + to_text(probe) + " does not exist";
    case Circumstance::no_address:
      return lacking_address(probe);
    case Circumstance::itself:
      return "a pod always reaches itself";
    case Circumstance::no_service_family:
      return "service " + to_text(probe) + " has no " + std::string(to_string(probe.family)) +
             " address";
    case Circumstance::no_service_port:
      return "service " + to_text(probe) + " has no port " + asked_port(probe);
    case Circumstance::no_endpoint:
      return note_of_service(probe);
    case Circumstance::hairpin:
      return to_string(probe.from) + " asks itself through its own service " + to_text(probe) +
             ": whether that works (hairpin) is undefined";
    case Circumstance::backends_differ:
      return note_of_backends(probe);
    case Circumstance::name_unresolved:
    case Circumstance::name_undefined:
      return note_of_name(probe, judged);
  }
  return "";
}

Simulator::Simulator(const ClusterState& state, const AddressBook& addresses)
    : compiled_(std::make_unique<const Compiled>(state, addresses)) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

Verdict Simulator::verdict(const Probe& probe) const {
  return compiled_->judge.judge(probe).verdict;
}

Prediction Simulator::predict(const Probe& probe) const {
  const Judged judged = compiled_->judge.judge(probe);
  Prediction prediction;
  prediction.verdict = judged.verdict;
  prediction.reason = judged.reason;
  prediction.because.note = compiled_->note(probe, judged);
  if (const auto* pod = std::get_if<PodId>(&probe.to)) {
    prediction.because.backend = *pod;
  }
  if (judged.connection) {
    prediction.because.backend = compiled_->pod(judged.connection->to);
    if (judged.connection->from != judged.connection->to) {
      prediction.because.egress = compiled_->describe(Direction::egress, judged);
      prediction.because.ingress = compiled_->describe(Direction::ingress, judged);
    }
  }
  return prediction;
}

}  // namespace nettest
