#include "suites/catalogue/grammar.hpp"

#include <cstdlib>
#include <utility>

#include "base/text.hpp"
#include "suites/placeholders.hpp"
#include "suites/policy_reader.hpp"
#include "suites/question_reader.hpp"

namespace nettest::catalogue {

namespace {

LabelSelector requirement(std::string key, SelectorOperator op, Words values) {
  LabelSelector selector;
  selector.match_expressions.push_back({std::move(key), op, std::move(values)});
  return selector;
}

/// The catalogue is ours: what is wrong in it is a bug, and its tests build all of it.
WrittenCidr written(std::string text) {
  WrittenCidr made{std::move(text), std::nullopt, {}};
  if (!has_placeholder(made.written)) {
    made.cidr = read_cidr(made.written).value();
  }
  return made;
}

Words words_of(std::string_view text) {
  Words words;
  for (auto& word : split(text, ' ')) {
    if (!word.empty()) {
      words.push_back(std::move(word));
    }
  }
  return words;
}

void read_line(std::string_view line, std::vector<Expectation>& expectations) {
  const auto arrow = line.find(" -> ");
  const auto space = line.find(' ');
  const bool allow = line.substr(0, space) == "allow";
  for (const auto& from : words_of(line.substr(space, arrow - space))) {
    for (const auto& to : words_of(line.substr(arrow + 4))) {
      Expectation made;
      made.allow = allow;
      made.written = from + " -> " + to;
      if (parse_expectation(made.written, made)) {
        std::abort();
      }
      expectations.push_back(std::move(made));
    }
  }
}

}  // namespace

LabelSelector everything() {
  return {};
}
LabelSelector labelled(Labels labels) {
  return {std::move(labels), {}};
}
LabelSelector in(std::string key, Words values) {
  return requirement(std::move(key), SelectorOperator::in, std::move(values));
}
LabelSelector not_in(std::string key, Words values) {
  return requirement(std::move(key), SelectorOperator::not_in, std::move(values));
}
LabelSelector exists(std::string key) {
  return requirement(std::move(key), SelectorOperator::exists, {});
}
LabelSelector absent(std::string key) {
  return requirement(std::move(key), SelectorOperator::does_not_exist, {});
}

LabelSelector operator&(LabelSelector left, const LabelSelector& right) {
  left.match_labels.insert(right.match_labels.begin(), right.match_labels.end());
  left.match_expressions.insert(
      left.match_expressions.end(), right.match_expressions.begin(), right.match_expressions.end());
  return left;
}

PolicyPeer pods(LabelSelector selector) {
  return {std::move(selector), std::nullopt, std::nullopt, {}};
}
PolicyPeer namespaces(LabelSelector selector) {
  return {std::nullopt, std::move(selector), std::nullopt, {}};
}
PolicyPeer pods_in(LabelSelector namespaces, LabelSelector pods) {
  return {std::move(pods), std::move(namespaces), std::nullopt, {}};
}

PolicyPeer block(std::string cidr, Words except) {
  IpBlock made{written(std::move(cidr)), {}};
  for (auto& one : except) {
    made.except.push_back(written(std::move(one)));
  }
  return {std::nullopt, std::nullopt, std::move(made), {}};
}

PolicyPort port(Protocol protocol, Port number) {
  return {protocol, number, std::nullopt, {}};
}
PolicyPort tcp(Port number) {
  return port(Protocol::tcp, number);
}
PolicyPort udp(Port number) {
  return port(Protocol::udp, number);
}
PolicyPort named(Protocol protocol, std::string name) {
  return {protocol, std::move(name), std::nullopt, {}};
}
PolicyPort range(Protocol protocol, Port first, Port last) {
  return {protocol, first, last, {}};
}
PolicyPort all_of(Protocol protocol) {
  return {protocol, std::monostate{}, std::nullopt, {}};
}

Policy::Policy(std::string namespace_name, std::string name, LabelSelector target) {
  policy_.id = {std::move(namespace_name), std::move(name)};
  policy_.pod_selector = std::move(target);
  policy_.isolates_ingress = false;
  policy_.isolates_egress = false;
}

Policy Policy::ingress(Peers from, Ports ports) && {
  return std::move(*this).rule(Direction::ingress, std::move(from), std::move(ports));
}

Policy Policy::egress(Peers to, Ports ports) && {
  return std::move(*this).rule(Direction::egress, std::move(to), std::move(ports));
}

Policy Policy::rule(Direction direction, Peers peers, Ports ports) && {
  auto& rules = direction == Direction::ingress ? policy_.ingress : policy_.egress;
  rules.push_back({std::move(peers), std::move(ports), {}});
  return std::move(*this).shut(direction);
}

Policy Policy::shut(Direction direction) && {
  (direction == Direction::ingress ? policy_.isolates_ingress : policy_.isolates_egress) = true;
  return std::move(*this);
}

Policy Policy::egress_to_dns() && {
  return std::move(*this).egress({}, {udp(53), tcp(53)});
}

PodId pod_named(std::string_view id) {
  const auto slash = id.find('/');
  return {std::string(id.substr(0, slash)), std::string(id.substr(slash + 1))};
}

Change apply(const Policy& policy) {
  return apply(policy.value());
}
Change apply(NetworkPolicy policy) {
  return {ApplyPolicy{std::move(policy)}, {}};
}
Change unapply(std::string namespace_name, std::string name) {
  return {DeletePolicy{{std::move(namespace_name), std::move(name)}}, {}};
}
Change relabel(std::string_view id, Labels labels) {
  return {SetPodLabels{pod_named(id), std::move(labels)}, {}};
}
Change relabel_namespace(std::string name, Labels labels) {
  labels.emplace("kubernetes.io/metadata.name", name);
  return {SetNamespaceLabels{std::move(name), std::move(labels)}, {}};
}
Change create(Pod pod) {
  return {CreatePod{std::move(pod)}, {}};
}
Change create(Namespace value) {
  return {CreateNamespace{std::move(value)}, {}};
}
Change create(Service service) {
  return {CreateService{std::move(service)}, {}};
}
Change remove_pod(std::string_view id) {
  return {DeletePod{pod_named(id)}, {}};
}
Change remove_namespace(std::string name) {
  return {DeleteNamespace{std::move(name)}, {}};
}

std::vector<Expectation> expecting(std::initializer_list<std::string_view> lines) {
  std::vector<Expectation> expectations;
  for (const auto line : lines) {
    read_line(line, expectations);
  }
  return expectations;
}

std::vector<Expectation> operator+(std::vector<Expectation> first,
                                   const std::vector<Expectation>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Step step(std::string name, Changes changes, std::vector<Expectation> expect) {
  Step made;
  made.name = std::move(name);
  made.changes = std::move(changes);
  made.expect = std::move(expect);
  return made;
}

Case make_case(std::string name, std::string reason, Marks marks, std::vector<Step> steps) {
  Case made;
  made.name = std::move(name);
  made.description = std::move(reason);
  made.tags = std::move(marks.tags);
  made.detects = std::move(marks.detects);
  made.needs = std::move(marks.needs);
  made.steps = std::move(steps);
  return made;
}

}  // namespace nettest::catalogue
