// Rules, peers and ports of NetworkPolicy manifests. Pure.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "suites/names.hpp"
#include "suites/placeholders.hpp"
#include "suites/policy_reader.hpp"

namespace nettest {

namespace {

constexpr Range kPortRange{1, 65535};

/// The text without leading zeros in decimal parts, which the API server takes (and Go's
/// strict parser does not): "010.0.0.0/08" is 10.0.0.0/8.
std::string without_leading_zeros(std::string_view text) {
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = i == 0 || text[i - 1] == '.' || text[i - 1] == '/';
    const bool more = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (text[i] == '0' && more &&
        (begins || bare.empty() || bare.back() == '.' || bare.back() == '/')) {
      continue;
    }
    bare += text[i];
  }
  return bare;
}

std::optional<WrittenCidr> read_written_cidr(const Node& node,
                                             std::string_view what,
                                             Findings& findings) {
  const auto text = read_text(node, what, findings);
  if (!text) {
    return std::nullopt;
  }
  WrittenCidr written{*text, std::nullopt, findings.place(node)};
  if (has_placeholder(*text)) {
    const auto placeholders = placeholders_of(*text);
    if (!placeholders) {
      findings.error(node, std::string(what) + ": " + placeholders.error().message);
      return std::nullopt;
    }
    if (text->find('/', text->rfind(')')) == std::string::npos) {
      findings.error(node,
                     std::string(what) + ": \"" + printable(*text) +
                         "\" has no length; write for example " + *text + "/32");
      return std::nullopt;
    }
    return written;
  }
  const auto cidr = read_cidr(*text);
  if (!cidr) {
    findings.error(node, std::string(what) + ": " + cidr.error().message);
    return std::nullopt;
  }
  if (!Cidr::parse(*text)) {
    findings.warning(node,
                     std::string(what) + ": \"" + printable(*text) + "\" is read as " +
                         to_string(*cidr) + "; leave out the leading zeros, programs differ");
  }
  written.cidr = *cidr;
  return written;
}

std::optional<IpBlock> read_ip_block(const Node& node, Findings& findings) {
  Fields fields(node, "ipBlock", findings);
  IpBlock block;
  bool good = false;
  if (const Node* cidr = fields.require("cidr")) {
    if (auto written = read_written_cidr(*cidr, "cidr", findings)) {
      block.cidr = std::move(*written);
      good = true;
    }
  }
  for (const Node* item : fields.list("except")) {
    auto except = read_written_cidr(*item, "except", findings);
    if (!except) {
      continue;
    }
    if (block.cidr.cidr && except->cidr) {
      if (const auto fault = fault_of_except(*block.cidr.cidr, *except->cidr)) {
        findings.error(*item, "except: " + *fault);
      }
    }
    block.except.push_back(std::move(*except));
  }
  fields.finish();
  return good ? std::optional(block) : std::nullopt;
}

PolicyPeer read_peer(const Node& node, Findings& findings) {
  PolicyPeer peer;
  peer.where = findings.place(node);
  Fields fields(node, "peer", findings);
  const Node* pods = fields.get("podSelector");
  const Node* namespaces = fields.get("namespaceSelector");
  const Node* block = fields.get("ipBlock");
  if (pods != nullptr) {
    peer.pod_selector = read_selector(*pods, "podSelector", findings);
  }
  if (namespaces != nullptr) {
    peer.namespace_selector = read_selector(*namespaces, "namespaceSelector", findings);
  }
  if (block != nullptr) {
    peer.ip_block = read_ip_block(*block, findings);
  }
  const bool is_object = node.is_map() || node.is_null();
  if (is_object && pods == nullptr && namespaces == nullptr && block == nullptr) {
    findings.error(node,
                   "peer: must specify podSelector, namespaceSelector or ipBlock (for every peer, "
                   "leave out the list of peers)");
  }
  if (block != nullptr && (pods != nullptr || namespaces != nullptr)) {
    findings.error(node,
                   "peer: ipBlock may not stand beside a selector; begin a peer of its own with "
                   "\"- ipBlock:\"");
  }
  fields.finish();
  return peer;
}

bool is_whole_number(const Node& node) {
  return node.is_scalar() && type_of(node) == ScalarType::integer;
}

/// Reads a port by number or by name, as metav1's IntOrString.
std::variant<std::monostate, Port, std::string> read_port_value(const Node& node,
                                                                Findings& findings) {
  if (is_whole_number(node)) {
    const auto number = read_integer(node, "port", kPortRange, findings);
    return number ? decltype(PolicyPort::port)(static_cast<Port>(*number)) : std::monostate{};
  }
  if (!node.is_scalar() || type_of(node) != ScalarType::string) {
    findings.error(node, "port: want a number or a port name, found " + describe(node));
    return {};
  }
  const std::string name(node.text);
  if (const auto fault = fault_of_port_name(name)) {
    const bool number = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    findings.error(node,
                   "port: \"" + printable(name) + "\" " +
                       (number ? "in quotes is a port name, and a name must have at least one "
                                 "letter; leave out the quotes"
                               : "is no port name: it " + *fault));
    return {};
  }
  return name;
}

void check_end_port(const PolicyPort& port, const Node& end, bool port_given, Findings& findings) {
  if (!port_given) {
    findings.error(end, "endPort: may not be specified without port");
  } else if (std::holds_alternative<std::string>(port.port)) {
    findings.error(end, "endPort: may not be specified when port is a name");
  } else if (const auto* first = std::get_if<Port>(&port.port)) {
    if (port.end_port && *port.end_port < *first) {
      findings.error(end,
                     "endPort: " + std::to_string(*port.end_port) + " is below port " +
                         std::to_string(*first) + "; it must be greater than or equal to it");
    }
  }
}

PolicyPort read_port(const Node& node, Findings& findings) {
  PolicyPort port;
  port.where = findings.place(node);
  Fields fields(node, "port", findings);
  if (const Node* protocol = fields.get("protocol")) {
    port.protocol = read_protocol(*protocol, findings).value_or(Protocol::tcp);
  }
  const Node* value = fields.get("port");
  if (value != nullptr) {
    port.port = read_port_value(*value, findings);
  }
  if (const Node* end = fields.get("endPort")) {
    if (const auto number = read_integer(*end, "endPort", kPortRange, findings)) {
      port.end_port = static_cast<Port>(*number);
    }
    check_end_port(port, *end, value != nullptr, findings);
  }
  fields.finish();
  return port;
}

/// The place of a list that is written and has nothing in it.
std::optional<Location> place_of_empty(const Node& rule,
                                       std::string_view key,
                                       const Findings& findings) {
  const Node* list = rule.find(key);
  const bool empty = list != nullptr && (list->is_null() || list->items.empty());
  return empty ? std::optional(findings.place(*list)) : std::nullopt;
}

}  // namespace

PolicyRule read_policy_rule(const Node& node, Direction direction, Findings& findings) {
  PolicyRule rule;
  rule.where = findings.place(node);
  const bool ingress = direction == Direction::ingress;
  Fields fields(node, ingress ? "ingress rule" : "egress rule", findings);
  for (const Node* peer : fields.list(ingress ? "from" : "to")) {
    rule.peers.push_back(read_peer(*peer, findings));
  }
  for (const Node* port : fields.list("ports")) {
    rule.ports.push_back(read_port(*port, findings));
  }
  rule.empty_peers = place_of_empty(node, ingress ? "from" : "to", findings);
  rule.empty_ports = place_of_empty(node, "ports", findings);
  fields.finish();
  return rule;
}

Result<Cidr> read_cidr(std::string_view text) {
  if (const auto cidr = Cidr::parse(text)) {
    return *cidr;
  }
  if (const auto cidr = Cidr::parse(without_leading_zeros(text))) {
    return *cidr;
  }
  std::string hint = "; want for example 10.0.0.0/8 or fd00::/8";
  if (const auto address = IpAddress::parse(text)) {
    hint = "; the length is missing, write for example " + std::string(text) + "/" +
           std::to_string(address->width());
  }
  return fail(ErrorKind::suite, "\"" + printable(text) + "\" is no address block" + hint);
}

std::optional<std::string> fault_of_except(const Cidr& block, const Cidr& except) {
  if (block.contains(except.address()) && except.length() > block.length()) {
    return std::nullopt;
  }
  return to_string(except) + " must be a strict part of the block " + to_string(block);
}

}  // namespace nettest
