#include "suites/question_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "suites/manifest.hpp"
#include "suites/world_reader.hpp"

namespace nettest {

namespace {

constexpr std::string_view kServicePrefix = "svc:";
constexpr std::int64_t kLastPort = 65535;

std::optional<By> read_by(const Node& node, Findings& findings) {
  const auto word = read_text(node, "by", findings);
  if (!word) {
    return std::nullopt;
  }
  std::vector<std::string> known;
  for (const By by : {By::pod_ip, By::service_ip, By::service_name, By::url}) {
    if (*word == to_string(by)) {
      return by;
    }
    known.emplace_back(to_string(by));
  }
  findings.error(node,
                 "by: want " + join(known, ", ") + ", found \"" + printable(*word) + "\"" +
                     spelling_hint(*word, known));
  return std::nullopt;
}

Client read_client(const Node& node, Findings& findings) {
  const auto word = read_text(node, "client", findings);
  if (word && *word != "agent" && *word != "wget") {
    findings.error(node,
                   "client: want agent or wget, found \"" + printable(*word) + "\"" +
                       spelling_hint(*word, {"agent", "wget"}));
  }
  return word == "wget" ? Client::wget : Client::agent;
}

MatrixSpec read_matrix(const Node& node, Findings& findings) {
  Fields fields(node, "matrix", findings);
  MatrixSpec matrix;
  for (const Node* item : fields.list("ports")) {
    if (const auto port = read_integer(*item, "ports", {1, kLastPort}, findings)) {
      matrix.ports.push_back(static_cast<Port>(*port));
    }
  }
  for (const Node* item : fields.list("protocols")) {
    if (const auto protocol = read_protocol(*item, findings)) {
      matrix.protocols.push_back(*protocol);
    }
  }
  std::vector<By> by;
  for (const Node* item : fields.list("by")) {
    if (const auto way = read_by(*item, findings)) {
      by.push_back(*way);
    }
  }
  if (!by.empty()) {
    matrix.by = std::move(by);
  }
  matrix.families = read_families(fields, matrix.families, findings);
  fields.finish();
  return matrix;
}

void check_from(const std::string& from, const Node& node, KnownNames& names, Findings& findings) {
  if (!names.any_pod(from)) {
    findings.error(node, "from: \"" + printable(from) + "\" fits no pod" + names.hint(from, false));
  }
}

PairSpec read_pair(Fields& fields, KnownNames& names, Findings& findings) {
  PairSpec pair;
  if (auto from = fields.required_text("from")) {
    check_from(*from, *fields.node().find("from"), names, findings);
    pair.from = std::move(*from);
  }
  pair.to = fields.required_text("to").value_or("");
  if (const Node* client = fields.get("client")) {
    pair.client = read_client(*client, findings);
  }
  if (const Node* by = fields.get("by")) {
    pair.by = read_by(*by, findings);
  }
  pair.families = read_families(fields, pair.families, findings);
  return pair;
}

ProbeSpec read_probe(const Node& node, KnownNames& names, Findings& findings) {
  ProbeSpec spec;
  spec.where = findings.place(node);
  Fields fields(node, "probe", findings);
  if (const Node* matrix = node.find("matrix")) {
    fields.skip({"matrix"});
    spec.what = read_matrix(*matrix, findings);
  } else {
    spec.what = read_pair(fields, names, findings);
  }
  fields.finish();
  return spec;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<Protocol> protocol_of(std::string_view word) {
  for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (word == to_string(protocol)) {
      return protocol;
    }
  }
  return std::nullopt;
}

std::optional<Port> port_of(std::string_view word) {
  Port port = 0;
  const char* end = word.data() + word.size();
  const auto [stopped, failed] = std::from_chars(word.data(), end, port);
  const bool good = failed == std::errc() && stopped == end && port > 0;
  return good ? std::optional(port) : std::nullopt;
}

/// Splits ":port" and "/PROTOCOL" off the end of TO. Says what is wrong, or nothing.
std::optional<std::string> split_destination(std::string_view to, Expectation& expectation) {
  const std::size_t begin = to.starts_with(kServicePrefix) ? kServicePrefix.size() : 0;
  const auto slash = to.rfind('/');
  const auto tail = slash == std::string_view::npos ? std::string_view() : to.substr(slash + 1);
  if (!tail.empty() &&
      tail.find_first_of("abcdefghijklmnopqrstuvwxyz*?:0123456789-") == std::string_view::npos) {
    expectation.protocol = protocol_of(tail);
    if (!expectation.protocol) {
      return "\"" + printable(tail) + "\" is no protocol: TCP, UDP or SCTP";
    }
    to = to.substr(0, slash);
  }
  const auto colon = to.find(':', begin);
  if (colon != std::string_view::npos) {
    expectation.port = port_of(to.substr(colon + 1));
    if (!expectation.port) {
      return "\"" + printable(to.substr(colon + 1)) + "\" is no port: a number from 1 to 65535";
    }
    to = to.substr(0, colon);
  }
  expectation.to = to;
  return std::nullopt;
}

bool is_url(std::string_view to) {
  return to.find("://") != std::string_view::npos;
}

std::optional<std::string> fault_of_names(const Expectation& expectation, KnownNames& names) {
  if (!names.any_pod(expectation.from)) {
    return "\"" + printable(expectation.from) + "\" fits no pod" +
           names.hint(expectation.from, false);
  }
  if (is_url(expectation.to)) {
    return std::nullopt;
  }
  const bool service = expectation.to.starts_with(kServicePrefix);
  const auto pattern = service ? expectation.to.substr(kServicePrefix.size()) : expectation.to;
  if (names.any_service(pattern) || (!service && names.any_pod(pattern))) {
    return std::nullopt;
  }
  return "\"" + printable(pattern) + "\" fits no " + (service ? "service" : "pod or service") +
         names.hint(pattern, service);
}

std::optional<Expectation> read_expectation(const Node& node,
                                            KnownNames& names,
                                            Findings& findings) {
  Fields fields(node, "expect", findings);
  const Node* allow = fields.get("allow");
  const Node* deny = fields.get("deny");
  fields.finish();
  if ((allow == nullptr) == (deny == nullptr)) {
    if (node.is_map() && (allow != nullptr || !fields.has_unknown())) {
      findings.error(node, "expect: want one of allow and deny in each entry");
    }
    return std::nullopt;
  }
  const Node& value = allow != nullptr ? *allow : *deny;
  const std::string_view word = allow != nullptr ? "allow" : "deny";
  const auto written = read_text(value, word, findings);
  if (!written) {
    return std::nullopt;
  }
  Expectation expectation;
  expectation.allow = allow != nullptr;
  expectation.written = *written;
  expectation.where = findings.place(value);
  auto fault = parse_expectation(*written, expectation);
  if (!fault) {
    fault = fault_of_names(expectation, names);
  }
  if (fault) {
    findings.error(value, std::string(word) + ": " + *fault);
    return std::nullopt;
  }
  return expectation;
}

template <typename Things>
bool any_fits(const Things& things, std::string_view pattern) {
  return std::any_of(things.begin(), things.end(), [&](const auto& thing) {
    return id_matches(pattern, thing.id.namespace_name, thing.id.name);
  });
}

/// The two parts of a pattern without globs, which is looked up instead of tried.
std::optional<std::pair<std::string, std::string>> exact_id(const std::string& pattern) {
  const auto slash = pattern.find('/');
  if (slash == std::string::npos || pattern.find_first_of("*?") != std::string::npos) {
    return std::nullopt;
  }
  return std::pair(pattern.substr(0, slash), pattern.substr(slash + 1));
}

template <typename Ids>
bool any_id_fits(const Ids& ids, std::string_view pattern) {
  return std::any_of(ids.begin(), ids.end(), [&](const auto& id) {
    return id_matches(pattern, id.namespace_name, id.name);
  });
}

}  // namespace

std::optional<std::string> parse_expectation(std::string_view written, Expectation& expectation) {
  constexpr std::string_view kArrow = "->";
  const auto arrow = written.find(kArrow);
  const auto from = trimmed(written.substr(0, arrow));
  const auto to = arrow == std::string_view::npos ? std::string_view()
                                                  : trimmed(written.substr(arrow + kArrow.size()));
  if (from.empty() || to.empty() || to.find(kArrow) != std::string_view::npos) {
    return "want \"FROM -> TO\", for example \"default/tester -> default/web:80\", found \"" +
           printable(written) + "\"";
  }
  expectation.from = from;
  if (is_url(to)) {
    expectation.to = to;
    return std::nullopt;
  }
  return split_destination(to, expectation);
}

bool id_matches(std::string_view pattern, std::string_view namespace_name, std::string_view name) {
  const auto slash = pattern.find('/');
  if (slash == std::string_view::npos) {
    return glob_matches(pattern, std::string(namespace_name) + "/" + std::string(name));
  }
  return glob_matches(pattern.substr(0, slash), namespace_name) &&
         glob_matches(pattern.substr(slash + 1), name);
}

void KnownNames::begin_case() {
  created_pods_.clear();
  created_services_.clear();
}

void KnownNames::add_created(const std::vector<Change>& changes) {
  for (const auto& change : changes) {
    if (const auto* pod = std::get_if<CreatePod>(&change.action)) {
      created_pods_.push_back(pod->pod.id);
    } else if (const auto* service = std::get_if<CreateService>(&change.action)) {
      created_services_.push_back(service->service.id);
    }
  }
}

bool KnownNames::any_pod(const std::string& pattern) {
  const auto [known, added] = pods_of_world_.try_emplace(pattern, false);
  if (added) {
    const auto id = exact_id(pattern);
    known->second = id ? world_.pod({id->first, id->second}) != nullptr
                       : any_fits(world_.world().pods, pattern);
  }
  return known->second || any_id_fits(created_pods_, pattern);
}

bool KnownNames::any_service(const std::string& pattern) {
  const auto [known, added] = services_of_world_.try_emplace(pattern, false);
  if (added) {
    const auto id = exact_id(pattern);
    known->second = id ? world_.service({id->first, id->second}) != nullptr
                       : any_fits(world_.world().services, pattern);
  }
  return known->second || any_id_fits(created_services_, pattern);
}

std::string KnownNames::hint(const std::string& pattern, bool services) const {
  constexpr std::size_t kMostCandidates = 2000;
  std::vector<std::string> names;
  const auto add = [&](const auto& id) {
    if (names.size() < kMostCandidates) {
      names.push_back(to_string(id));
    }
  };
  if (!services) {
    std::for_each(created_pods_.begin(), created_pods_.end(), add);
    for (const auto& pod : world_.world().pods) {
      add(pod.id);
    }
  }
  std::for_each(created_services_.begin(), created_services_.end(), add);
  for (const auto& service : world_.world().services) {
    add(service.id);
  }
  const std::string near = spelling_hint(pattern, names);
  const bool has_slash = pattern.find('/') != std::string::npos;
  return near.empty() && !has_slash ? "; want NAMESPACE/NAME, globs allowed" : near;
}

std::vector<ProbeSpec> read_probes(const Node& node, KnownNames& names, Findings& findings) {
  std::vector<ProbeSpec> specs;
  if (node.is_map()) {
    specs.push_back(read_probe(node, names, findings));
    return specs;
  }
  for (const Node* item : read_list(node, "probes", findings)) {
    specs.push_back(read_probe(*item, names, findings));
  }
  if (node.is_sequence() && node.items.empty()) {
    findings.error(node,
                   "probes: the list is empty, so nothing would be asked; leave it out for the "
                   "matrix of all pods");
  }
  return specs;
}

std::vector<Expectation> read_expectations(Fields& step, KnownNames& names, Findings& findings) {
  std::vector<Expectation> expectations;
  for (const Node* item : step.list("expect")) {
    if (auto expectation = read_expectation(*item, names, findings)) {
      expectations.push_back(std::move(*expectation));
    }
  }
  return expectations;
}

}  // namespace nettest
