#include "harness/mutation/shrink.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>
namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

template <typename List>
void drop(List& list, std::size_t index) {
  list.erase(std::next(list.begin(), static_cast<std::ptrdiff_t>(index)));
}

/// The order in which a step makes its changes (suites/suite_writer.hpp).
int rank(const Change& change) {
  struct Rank {
    int operator()(const CreatePod& /*one*/) const { return 0; }
    int operator()(const CreateNamespace& /*one*/) const { return 0; }
    int operator()(const CreateService& /*one*/) const { return 0; }
    int operator()(const SetPodLabels& /*one*/) const { return 1; }
    int operator()(const SetNamespaceLabels& /*one*/) const { return 1; }
    int operator()(const ApplyPolicy& /*one*/) const { return 2; }
    int operator()(const DeletePolicy& /*one*/) const { return 3; }
    int operator()(const DeletePod& /*one*/) const { return 3; }
    int operator()(const DeleteNamespace& /*one*/) const { return 3; }
    int operator()(const DeleteService& /*one*/) const { return 3; }
  };
  return std::visit(Rank(), change.action);
}

/// Makes one step of two, with the changes of both in the order of a step.
void join_with_next(std::vector<Step>& steps, std::size_t index) {
  std::vector<Change> all = steps[index].changes;
  Step& next = steps[index + 1];
  all.insert(all.end(), next.changes.begin(), next.changes.end());
  std::stable_sort(
      all.begin(), all.end(), [](const Change& a, const Change& b) { return rank(a) < rank(b); });
  next.changes = std::move(all);
  drop(steps, index);
}

/// One suite on its way to be small. Each function tries to leave out all of a kind, from the last
/// to the first, and says whether anything went.
class Shrinking {
 public:
  Shrinking(Suite suite, const std::function<bool(const Suite&)>& still)
      : suite_(std::move(suite)), still_(still) {}

  Suite run() && {
    while (once()) {
    }
    return std::move(suite_);
  }

 private:
  bool once();
  bool namespaces();
  bool labels(Namespace& ns);
  bool steps(Case& value);
  bool changes(Step& step);
  bool change(Change& one);
  bool policy(NetworkPolicy& policy);
  bool rule(PolicyRule& rule);
  bool selector(LabelSelector& selector);
  bool pod(Pod& pod);
  bool service(Service& service);

  /// Keeps an edit of the suite if it still has what is asked, and undoes it otherwise.
  template <typename Place, typename Edit>
  bool attempt(Place& place, const Edit& edit) {
    Place before = place;
    edit(place);
    if (still_(suite_)) {
      return true;
    }
    place = std::move(before);
    return false;
  }

  /// Leaves out what can be missed of a list or map.
  template <typename List>
  bool parts(List& list) {
    bool any = false;
    for (std::size_t i = list.size(); i-- > 0;) {
      any = attempt(list, [i](List& all) { drop(all, i); }) || any;
    }
    return any;
  }

  Suite suite_;
  const std::function<bool(const Suite&)>& still_;
};

/// A namespace with everything that the world has in it.
bool Shrinking::namespaces() {
  bool any = false;
  for (std::size_t i = suite_.world.namespaces.size(); i-- > 0;) {
    any = attempt(suite_.world,
                  [i](World& world) {
                    const std::string name = world.namespaces[i].name;
                    drop(world.namespaces, i);
                    std::erase_if(world.pods,
                                  [&](const Pod& pod) { return pod.id.namespace_name == name; });
                    std::erase_if(world.services, [&](const Service& service) {
                      return service.id.namespace_name == name;
                    });
                  }) ||
          any;
  }
  return any;
}

bool Shrinking::once() {
  bool any = namespaces();
  for (Case& value : suite_.cases) {
    any = steps(value) || any;
  }
  any = parts(suite_.world.services) || any;
  for (Service& one : suite_.world.services) {
    any = service(one) || any;
  }
  any = parts(suite_.world.pods) || any;
  for (Pod& one : suite_.world.pods) {
    any = pod(one) || any;
  }
  for (Namespace& one : suite_.world.namespaces) {
    any = labels(one) || any;
  }
  return any;
}

/// All but the label that the API server adds.
bool Shrinking::labels(Namespace& ns) {
  Labels own = ns.labels;
  own.erase(kNameLabel);
  bool any = false;
  for (const auto& label : own) {
    any = attempt(ns.labels, [&](Labels& all) { all.erase(label.first); }) || any;
  }
  return any;
}

bool Shrinking::steps(Case& value) {
  bool any = false;
  for (std::size_t i = value.steps.size() - 1; i-- > 0;) {
    any = attempt(value.steps, [i](std::vector<Step>& all) { drop(all, i); }) || any;
  }
  for (std::size_t i = value.steps.size() - 1; i-- > 0;) {
    any = attempt(value.steps, [i](std::vector<Step>& all) { join_with_next(all, i); }) || any;
  }
  for (Step& step : value.steps) {
    any = changes(step) || any;
  }
  return any;
}

bool Shrinking::changes(Step& step) {
  bool any = parts(step.changes);
  for (Change& one : step.changes) {
    any = change(one) || any;
  }
  return any;
}

bool Shrinking::change(Change& one) {
  if (auto* applied = std::get_if<ApplyPolicy>(&one.action)) {
    return policy(applied->policy);
  }
  if (auto* created = std::get_if<CreatePod>(&one.action)) {
    return pod(created->pod);
  }
  if (auto* created = std::get_if<CreateService>(&one.action)) {
    return service(created->service);
  }
  if (auto* labelled = std::get_if<SetPodLabels>(&one.action)) {
    return parts(labelled->labels);
  }
  if (auto* labelled = std::get_if<SetNamespaceLabels>(&one.action)) {
    return parts(labelled->labels);
  }
  return false;
}

bool Shrinking::pod(Pod& pod) {
  bool any = parts(pod.ports);
  any = parts(pod.labels) || any;
  for (ContainerPort& port : pod.ports) {
    if (!port.name.empty()) {
      any = attempt(port, [](ContainerPort& one) { one.name.clear(); }) || any;
    }
  }
  return any;
}

bool Shrinking::service(Service& service) {
  bool any = parts(service.ports);
  // Of several each needs its name.
  if (service.ports.size() == 1 && !service.ports.front().name.empty()) {
    any = attempt(service.ports.front(), [](ServicePort& one) { one.name.clear(); }) || any;
  }
  return any;
}

bool Shrinking::selector(LabelSelector& selector) {
  const bool any = parts(selector.match_labels);
  return parts(selector.match_expressions) || any;
}

bool Shrinking::policy(NetworkPolicy& policy) {
  bool any = false;
  if (policy.isolates_ingress && policy.isolates_egress) {
    any = attempt(policy, [](NetworkPolicy& one) { one.isolates_egress = false; }) ||
          attempt(policy, [](NetworkPolicy& one) { one.isolates_ingress = false; });
  }
  any = selector(policy.pod_selector) || any;
  for (auto* rules : {&policy.ingress, &policy.egress}) {
    any = parts(*rules) || any;
    for (PolicyRule& one : *rules) {
      any = rule(one) || any;
    }
  }
  return any;
}

bool Shrinking::rule(PolicyRule& rule) {
  bool any = parts(rule.ports);
  any = parts(rule.peers) || any;
  for (PolicyPeer& peer : rule.peers) {
    any = (peer.pod_selector && selector(*peer.pod_selector)) || any;
    any = (peer.namespace_selector && selector(*peer.namespace_selector)) || any;
    any = (peer.ip_block && parts(peer.ip_block->except)) || any;
  }
  return any;
}

}  // namespace

Suite shrink(Suite suite, const std::function<bool(const Suite&)>& still) {
  return Shrinking(std::move(suite), still).run();
}

}  // namespace nettest
