#include "suites/world_reader.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "suites/manifest.hpp"
#include "suites/names.hpp"

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";
constexpr std::int64_t kLastPort = 65535;

std::optional<std::string> read_port_name(const Node& node,
                                          std::string_view what,
                                          Findings& findings) {
  auto name = read_text(node, what, findings);
  if (!name) {
    return std::nullopt;
  }
  if (const auto fault = fault_of_port_name(*name)) {
    findings.error(
        node, std::string(what) + ": \"" + printable(*name) + "\" is no port name: it " + *fault);
    return std::nullopt;
  }
  return name;
}

std::optional<Port> require_port(Fields& fields, Findings& findings) {
  const Node* value = fields.require("port");
  if (value == nullptr) {
    return std::nullopt;
  }
  const auto number = read_integer(*value, "port", {1, kLastPort}, findings);
  return number ? std::optional(static_cast<Port>(*number)) : std::nullopt;
}

Serve read_serve(const Node& node, Protocol protocol, Findings& findings) {
  const auto word = read_text(node, "serve", findings);
  if (!word || *word == "plain") {
    return Serve::plain;
  }
  if (*word != "http") {
    findings.error(node,
                   "serve: want plain or http, found \"" + printable(*word) + "\"" +
                       spelling_hint(*word, {"plain", "http"}));
  } else if (protocol != Protocol::tcp) {
    findings.error(node, "serve: http needs protocol TCP");
  }
  return Serve::http;
}

std::optional<ContainerPort> read_container_port(const Node& node, Findings& findings) {
  Fields fields(node, "port of a pod", findings);
  ContainerPort made;
  if (const Node* name = fields.get("name")) {
    made.name = read_port_name(*name, "name", findings).value_or("");
  }
  const auto port = require_port(fields, findings);
  if (const Node* protocol = fields.get("protocol")) {
    made.protocol = read_protocol(*protocol, findings).value_or(Protocol::tcp);
  }
  if (const Node* serve = fields.get("serve")) {
    made.serve = read_serve(*serve, made.protocol, findings);
  }
  fields.finish();
  made.port = port.value_or(0);
  return port ? std::optional(made) : std::nullopt;
}

/// Says twice-used numbers and names of the ports of one object.
template <typename AnyPort>
void add_port(std::vector<AnyPort>& ports, AnyPort port, const Node& node, Findings& findings) {
  for (const auto& other : ports) {
    if (other.port == port.port && other.protocol == port.protocol) {
      findings.error(node,
                     "port: " + std::to_string(port.port) + "/" +
                         std::string(to_string(port.protocol)) + " is there twice");
      return;
    }
    if (!port.name.empty() && other.name == port.name) {
      findings.error(node, "port: the name \"" + port.name + "\" is there twice");
      return;
    }
  }
  ports.push_back(std::move(port));
}

std::vector<IpAddress> read_ips(Fields& fields, Findings& findings) {
  std::vector<IpAddress> ips;
  for (const Node* item : fields.list("ips")) {
    const auto text = read_text(*item, "ips", findings);
    if (!text) {
      continue;
    }
    const auto ip = IpAddress::parse(*text);
    if (!ip) {
      findings.error(*item, "ips: \"" + printable(*text) + "\" is no IPv4 or IPv6 address");
    } else if (address_of(ips, ip->family())) {
      findings.error(
          *item, "ips: a pod has at most one " + std::string(to_string(ip->family())) + " address");
    } else {
      ips.push_back(*ip);
    }
  }
  return ips;
}

/// A name that breaks its rule is reported and kept, so that what refers to it finds it.
std::optional<std::string> require_name(Fields& fields,
                                        std::string_view key,
                                        NameRule rule,
                                        Findings& findings) {
  const Node* node = fields.require(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  auto name = read_name(*node, rule, key, findings);
  return name || !node->is_scalar() ? name : std::optional(std::string(node->text));
}

std::variant<std::monostate, Port, std::string> read_target_port(const Node& node,
                                                                 Findings& findings) {
  if (node.is_scalar() && type_of(node) == ScalarType::integer) {
    const auto number = read_integer(node, "targetPort", {1, kLastPort}, findings);
    return number ? decltype(ServicePort::target_port)(static_cast<Port>(*number))
                  : std::monostate{};
  }
  auto name = read_port_name(node, "targetPort", findings);
  return name ? decltype(ServicePort::target_port)(std::move(*name)) : std::monostate{};
}

std::optional<ServicePort> read_service_port(const Node& node, Findings& findings) {
  Fields fields(node, "port of a service", findings);
  ServicePort made;
  if (const Node* name = fields.get("name")) {
    made.name = read_name(*name, NameRule::dns_label, "name", findings).value_or("");
  }
  const auto port = require_port(fields, findings);
  if (const Node* protocol = fields.get("protocol")) {
    made.protocol = read_protocol(*protocol, findings).value_or(Protocol::tcp);
  }
  if (const Node* target = fields.get("targetPort")) {
    made.target_port = read_target_port(*target, findings);
  }
  fields.finish();
  made.port = port.value_or(0);
  return port ? std::optional(made) : std::nullopt;
}

void read_service_ports(Fields& fields, Service& service, Findings& findings) {
  const auto written = fields.list("ports");
  for (const Node* item : written) {
    if (auto port = read_service_port(*item, findings)) {
      if (port->name.empty() && written.size() > 1) {
        findings.error(*item,
                       "port of a service: \"name\" is missing; with several ports each "
                       "needs one");
      }
      add_port(service.ports, std::move(*port), *item, findings);
    }
  }
  if (written.empty() && !service.headless) {
    findings.error(fields.node(), "service: it has no ports; only a headless one may have none");
  }
}

/// Reads the lists of a world, and says what is twice or nowhere.
class WorldReader {
 public:
  explicit WorldReader(Findings& findings) : findings_(findings) {}

  World read(const Node& node) {
    Fields fields(node, "world", findings_);
    for (const Node* item : fields.list("namespaces")) {
      if (auto ns = read_namespace(*item, findings_)) {
        add_namespace(std::move(*ns), *item);
      }
    }
    names_.insert(kSystemNamespace);
    for (const Node* item : fields.list("pods")) {
      if (auto pod = read_pod(*item, findings_)) {
        add_pod(std::move(*pod), *item);
      }
    }
    for (const Node* item : fields.list("services")) {
      if (auto service = read_service(*item, findings_)) {
        add_service(std::move(*service), *item);
      }
    }
    fields.finish();
    return std::move(world_);
  }

 private:
  void add_namespace(Namespace ns, const Node& node) {
    if (names_.insert(ns.name).second) {
      world_.namespaces.push_back(std::move(ns));
    } else {
      findings_.error(node, "namespace: " + ns.name + " is there twice");
    }
  }

  void add_pod(Pod pod, const Node& node) {
    const std::string name = to_string(pod.id);
    if (!pods_.insert(name).second) {
      findings_.error(node, "pod: " + name + " is there twice");
      return;
    }
    check_namespace("pod " + name, pod.id.namespace_name, node);
    for (const auto& ip : pod.ips) {
      const auto [owner, added] = owners_.try_emplace(ip, name);
      if (!added && !pod.host_network) {
        findings_.error(
            node,
            "pod " + name + ": the address " + to_string(ip) + " is that of pod " + owner->second);
      }
    }
    world_.pods.push_back(std::move(pod));
  }

  void add_service(Service service, const Node& node) {
    const std::string name = to_string(service.id);
    if (!services_.insert(name).second) {
      findings_.error(node, "service: " + name + " is there twice");
      return;
    }
    check_namespace("service " + name, service.id.namespace_name, node);
    world_.services.push_back(std::move(service));
  }

  void check_namespace(const std::string& what, const std::string& name, const Node& node) {
    if (names_.contains(name)) {
      return;
    }
    const Node* written = node.find("namespace");
    findings_.error(written == nullptr ? node : *written,
                    what + ": there is no namespace " + name + " in world.namespaces" +
                        spelling_hint(name, {names_.begin(), names_.end()}));
  }

  Findings& findings_;
  World world_;
  std::set<std::string> names_;
  std::unordered_set<std::string> pods_;
  std::unordered_set<std::string> services_;
  std::map<IpAddress, std::string> owners_;
};

}  // namespace

World read_world(const Node& node, Findings& findings) {
  return WorldReader(findings).read(node);
}

std::optional<Namespace> read_namespace(const Node& node, Findings& findings) {
  Fields fields(node, "namespace", findings);
  Namespace made;
  made.where = findings.place(node);
  const auto name = require_name(fields, "name", NameRule::dns_label, findings);
  const Node* labels = fields.get("labels");
  if (labels != nullptr) {
    made.labels = read_labels(*labels, "labels", findings);
  }
  fields.finish();
  if (!name) {
    return std::nullopt;
  }
  made.name = *name;
  const auto [label, added] = made.labels.try_emplace(kNameLabel, *name);
  if (!added && label->second != *name) {
    findings.error(*labels->find(kNameLabel),
                   std::string(kNameLabel) +
                       ": the API server sets it to the namespace's name, \"" + *name +
                       "\"; leave it out");
  }
  return made;
}

std::optional<Pod> read_pod(const Node& node, Findings& findings) {
  Fields fields(node, "pod", findings);
  Pod made;
  made.where = findings.place(node);
  const auto name = require_name(fields, "name", NameRule::dns_subdomain, findings);
  const auto ns = require_name(fields, "namespace", NameRule::dns_label, findings);
  if (const Node* labels = fields.get("labels")) {
    made.labels = read_labels(*labels, "labels", findings);
  }
  for (const Node* item : fields.list("ports")) {
    if (auto port = read_container_port(*item, findings)) {
      add_port(made.ports, std::move(*port), *item, findings);
    }
  }
  made.ips = read_ips(fields, findings);
  if (const Node* asked = fields.get("node")) {
    made.node = read_name(*asked, NameRule::dns_subdomain, "node", findings).value_or("");
  }
  made.host_network = fields.flag("hostNetwork").value_or(false);
  made.image = fields.text("image").value_or("");
  made.command = fields.texts("command");
  fields.finish();
  if (!name || !ns) {
    return std::nullopt;
  }
  made.id = {*ns, *name};
  return made;
}

std::optional<Service> read_service(const Node& node, Findings& findings) {
  Fields fields(node, "service", findings);
  Service made;
  made.where = findings.place(node);
  const auto name = require_name(fields, "name", NameRule::service_name, findings);
  const auto ns = require_name(fields, "namespace", NameRule::dns_label, findings);
  if (const Node* selector = fields.get("selector")) {
    made.selector.match_labels = read_labels(*selector, "selector", findings);
  }
  made.headless = fields.flag("headless").value_or(false);
  made.families = read_families(fields, {IpFamily::ipv4}, findings);
  read_service_ports(fields, made, findings);
  fields.finish();
  if (!name || !ns) {
    return std::nullopt;
  }
  made.id = {*ns, *name};
  return made;
}

std::optional<std::pair<std::string, std::string>> read_id(const Node& node,
                                                           std::string_view what,
                                                           Findings& findings) {
  const auto text = read_text(node, what, findings);
  if (!text) {
    return std::nullopt;
  }
  const auto slash = text->find('/');
  const bool good = slash != std::string::npos && slash > 0 && slash + 1 < text->size() &&
                    text->find('/', slash + 1) == std::string::npos;
  if (!good) {
    findings.error(node,
                   std::string(what) + ": want NAMESPACE/NAME, found \"" + printable(*text) + "\"");
    return std::nullopt;
  }
  return std::pair(text->substr(0, slash), text->substr(slash + 1));
}

std::vector<IpFamily> read_families(Fields& fields,
                                    std::vector<IpFamily> fallback,
                                    Findings& findings) {
  const auto written = fields.list("families");
  std::vector<IpFamily> families;
  for (const Node* item : written) {
    const auto text = read_text(*item, "families", findings);
    if (!text) {
      continue;
    }
    if (*text != "IPv4" && *text != "IPv6") {
      findings.error(*item,
                     "families: want IPv4 or IPv6, found \"" + printable(*text) + "\"" +
                         spelling_hint(*text, {"IPv4", "IPv6"}));
      continue;
    }
    const IpFamily family = *text == "IPv4" ? IpFamily::ipv4 : IpFamily::ipv6;
    if (std::find(families.begin(), families.end(), family) != families.end()) {
      findings.error(*item, "families: " + *text + " is there twice");
      continue;
    }
    families.push_back(family);
  }
  return written.empty() ? std::move(fallback) : families;
}

}  // namespace nettest
