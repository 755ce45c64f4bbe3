#include "results/probe_json.hpp"

#include <array>
#include <stdexcept>
#include <utility>
#include <variant>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::array kBys = {By::pod_ip, By::service_ip, By::service_name, By::url};
constexpr std::array kProtocols = {Protocol::tcp, Protocol::udp, Protocol::sctp};
constexpr std::array kFamilies = {IpFamily::ipv4, IpFamily::ipv6};
constexpr std::array kClients = {Client::agent, Client::wget};
constexpr std::array kVerdicts = {Verdict::allowed, Verdict::blocked, Verdict::either};
constexpr std::array kReasons = {Reason::open,
                                 Reason::rule,
                                 Reason::no_rule,
                                 Reason::dns,
                                 Reason::no_endpoint,
                                 Reason::undefined};

template <typename Id>
Id id_from_json(const Json& value) {
  const auto& text = value.get_ref<const std::string&>();
  const auto slash = text.find('/');
  if (slash == std::string::npos) {
    throw std::invalid_argument("\"" + text + "\" is not of the form namespace/name");
  }
  return {text.substr(0, slash), text.substr(slash + 1)};
}

bool names_pod(const Probe& probe) {
  return std::holds_alternative<PodId>(probe.to);
}

Json to_json(const EndDecision& end) {
  Json json = {{"pod", to_string(end.pod)}, {"tier", end.tier}, {"allowed", end.allowed}};
  json["isolating"] = Json::array();
  for (const auto& policy : end.isolating) {
    json["isolating"].push_back(to_string(policy));
  }
  if (end.admitted_by) {
    json["admitted_by"] = {{"policy", to_string(end.admitted_by->policy)},
                           {"rule", end.admitted_by->rule},
                           {"where", nettest::to_json(end.admitted_by->where)}};
  }
  if (!end.nearest_miss.empty()) {
    json["nearest_miss"] = end.nearest_miss;
  }
  return json;
}

EndDecision end_from_json(const Json& json, Direction direction) {
  EndDecision end;
  end.direction = direction;
  end.pod = id_from_json<PodId>(json.at("pod"));
  end.tier = json.at("tier").get<std::string>();
  end.allowed = json.at("allowed").get<bool>();
  for (const auto& policy : json.at("isolating")) {
    end.isolating.push_back(id_from_json<PolicyId>(policy));
  }
  if (const auto rule = json.find("admitted_by"); rule != json.end()) {
    end.admitted_by = RuleRef{id_from_json<PolicyId>(rule->at("policy")),
                              direction,
                              number_from_json<std::size_t>(rule->at("rule"), "rule"),
                              location_from_json(rule->at("where"))};
  }
  end.nearest_miss = json.value("nearest_miss", "");
  return end;
}

Json because_json(const Prediction& prediction) {
  const auto& because = prediction.because;
  // The words are for readers; the rest is what they are made from.
  Json json = {{"text", explain(prediction)}};
  if (because.egress) {
    json["egress"] = to_json(*because.egress);
  }
  if (because.ingress) {
    json["ingress"] = to_json(*because.ingress);
  }
  if (because.backend) {
    json["backend"] = to_string(*because.backend);
  }
  if (!because.note.empty()) {
    json["note"] = because.note;
  }
  return json;
}

}  // namespace

Json to_json(const Location& where) {
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

Location location_from_json(const Json& value) {
  return {value.at("file").get<std::string>(),
          number_from_json<int>(value.at("line"), "line"),
          number_from_json<int>(value.at("column"), "column")};
}

Json to_json(const Probe& probe, const Prediction& prediction) {
  Json json = {{"from", to_string(probe.from)},
               {"to", std::visit([](const auto& id) { return to_string(id); }, probe.to)},
               {"port", probe.port},
               {"protocol", to_string(probe.protocol)},
               {"by", to_string(probe.by)},
               {"family", to_string(probe.family)},
               {"client", to_string(probe.client)}};
  if (names_pod(probe) != (probe.by == By::pod_ip)) {
    json["to_kind"] = names_pod(probe) ? "pod" : "service";
  }
  if (probe.serve == Serve::http) {
    json["serve"] = "http";
  }
  if (!probe.host.empty()) {
    json["host"] = probe.host;
  }
  if (!probe.url.empty()) {
    json["url"] = probe.url;
  }
  json["verdict"] = to_string(prediction.verdict);
  json["reason"] = to_string(prediction.reason);
  json["because"] = because_json(prediction);
  return json;
}

Probe probe_from_json(const Json& value) {
  Probe probe;
  probe.from = id_from_json<PodId>(value.at("from"));
  probe.by = word_from_json<By>(value.at("by"), "by", kBys);
  const std::string kind = value.value("to_kind", probe.by == By::pod_ip ? "pod" : "service");
  if (kind == "pod") {
    probe.to = id_from_json<PodId>(value.at("to"));
  } else {
    probe.to = id_from_json<ServiceId>(value.at("to"));
  }
  probe.port = number_from_json<Port>(value.at("port"), "port");
  probe.protocol = word_from_json<Protocol>(value.at("protocol"), "protocol", kProtocols);
  probe.family = word_from_json<IpFamily>(value.at("family"), "family", kFamilies);
  probe.client = word_from_json<Client>(value.at("client"), "client", kClients);
  probe.serve = value.value("serve", "plain") == "http" ? Serve::http : Serve::plain;
  probe.host = value.value("host", "");
  probe.url = value.value("url", "");
  return probe;
}

Prediction prediction_from_json(const Json& value) {
  Prediction prediction;
  prediction.verdict = word_from_json<Verdict>(value.at("verdict"), "verdict", kVerdicts);
  prediction.reason = word_from_json<Reason>(value.at("reason"), "reason", kReasons);
  const auto& because = value.at("because");
  if (const auto end = because.find("egress"); end != because.end()) {
    prediction.because.egress = end_from_json(*end, Direction::egress);
  }
  if (const auto end = because.find("ingress"); end != because.end()) {
    prediction.because.ingress = end_from_json(*end, Direction::ingress);
  }
  if (const auto backend = because.find("backend"); backend != because.end()) {
    prediction.because.backend = id_from_json<PodId>(*backend);
  }
  prediction.because.note = because.value("note", "");
  return prediction;
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace nettest
