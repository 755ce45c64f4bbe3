// Ports and protocols: none, each kind alone, what matches nothing, ranges, and some pairs.
#include <algorithm>
#include <utility>

#include "suites/catalogue/cyclonus.hpp"

namespace nettest::catalogue {

namespace {

struct Kind {
  std::string name;
  PolicyPort port;
  Words tags;
  Words detects;
  /// The served ports that it opens, worked out by hand.
  Words opens;
};

const Words kEveryTcp = {":80/TCP", ":81/TCP"};

/// {none, TCP, UDP, SCTP} × {none, 80, 81}. A missing protocol is TCP.
std::vector<Kind> numbered() {
  std::vector<Kind> kinds;
  struct Spoken {
    std::string name;
    Protocol protocol;
    bool written;
  };
  for (const auto& spoken : {Spoken{"no-protocol", Protocol::tcp, false},
                             Spoken{"tcp", Protocol::tcp, true},
                             Spoken{"udp", Protocol::udp, true},
                             Spoken{"sctp", Protocol::sctp, true}}) {
    const std::string slash = "/" + std::string(to_string(spoken.protocol));
    const Words protocol_tag = spoken.written ? Words{spoken.name} : Words{};
    Kind every{spoken.name + "+every-port",
               all_of(spoken.protocol),
               {"any-port"},
               {"O3"},
               {":80" + slash, ":81" + slash}};
    every.tags.insert(every.tags.end(), protocol_tag.begin(), protocol_tag.end());
    kinds.push_back(std::move(every));
    for (const Port number : {Port{80}, Port{81}}) {
      const std::string digits = std::to_string(number);
      Kind one{spoken.name + "+" + digits,
               port(spoken.protocol, number),
               {"numbered-port"},
               {"O3", "O4"},
               {":" + digits + slash}};
      one.tags.insert(one.tags.end(), protocol_tag.begin(), protocol_tag.end());
      kinds.push_back(std::move(one));
    }
  }
  return kinds;
}

std::vector<Kind> by_name() {
  std::vector<Kind> kinds;
  for (const auto& [word, protocol] : {std::pair("tcp", Protocol::tcp),
                                       std::pair("udp", Protocol::udp),
                                       std::pair("sctp", Protocol::sctp)}) {
    for (const std::string digits : {"80", "81"}) {
      const std::string name = "serve-" + digits + "-" + word;
      kinds.push_back({std::string(word) + "+" + name,
                       named(protocol, name),
                       {"named-port", word},
                       {"O2"},
                       {":" + digits + "/" + std::string(to_string(protocol))}});
    }
  }
  return kinds;
}

std::vector<Kind> pathological() {
  return {{"tcp+serve-81-udp",
           named(Protocol::tcp, "serve-81-udp"),
           {"pathological", "named-port", "tcp"},
           {"O2"},
           {}},
          {"tcp+serve-7981-udp",
           named(Protocol::tcp, "serve-7981-udp"),
           {"pathological", "named-port", "tcp"},
           {"O2", "I4"},
           {}},
          {"tcp+7981", tcp(7981), {"pathological", "numbered-port", "tcp"}, {"O3"}, {}}};
}

std::vector<Kind> ranges() {
  std::vector<Kind> kinds;
  for (const auto& [word, protocol] : {std::pair("tcp", Protocol::tcp),
                                       std::pair("udp", Protocol::udp),
                                       std::pair("sctp", Protocol::sctp)}) {
    const std::string slash = "/" + std::string(to_string(protocol));
    const Words tags = {"end-port", "numbered-port", word};
    kinds.push_back(
        {std::string(word) + "+53-80", range(protocol, 53, 80), tags, {"O1"}, {":80" + slash}});
    kinds.push_back({std::string(word) + "+53-84",
                     range(protocol, 53, 84),
                     tags,
                     {"O1"},
                     {":80" + slash, ":81" + slash}});
  }
  return kinds;
}

/// No protocol written, as in the names of single kinds.
Kind unspoken(const std::string& name, PolicyPort port, const std::string& tag, Words opens) {
  return {"no-protocol+" + name, std::move(port), {tag}, {}, std::move(opens)};
}

std::vector<std::pair<Kind, Kind>> pairs() {
  const Kind every = unspoken("every-port", all_of(Protocol::tcp), "any-port", kEveryTcp);
  const Kind eighty = unspoken("80", tcp(80), "numbered-port", {":80/TCP"});
  const Kind other = unspoken("81", tcp(81), "numbered-port", {":81/TCP"});
  const Kind name80 =
      unspoken("serve-80-tcp", named(Protocol::tcp, "serve-80-tcp"), "named-port", {":80/TCP"});
  const Kind name81 =
      unspoken("serve-81-tcp", named(Protocol::tcp, "serve-81-tcp"), "named-port", {":81/TCP"});
  const Kind all_udp = {
      "udp+every-port", all_of(Protocol::udp), {"udp", "any-port"}, {}, {":80/UDP", ":81/UDP"}};
  const Kind udp80 = {"udp+80", udp(80), {"udp", "numbered-port"}, {}, {":80/UDP"}};
  const Kind udp81 = {"udp+serve-81-udp",
                      named(Protocol::udp, "serve-81-udp"),
                      {"udp", "named-port"},
                      {},
                      {":81/UDP"}};
  return {{every, eighty},
          {every, name80},
          {every, all_udp},
          {eighty, other},
          {eighty, name81},
          {eighty, udp81},
          {udp80, udp81}};
}

NetworkPolicy with_ports(Direction direction, Ports ports) {
  NetworkPolicy policy = base_policy();
  first_rule(policy, direction).ports = std::move(ports);
  return policy;
}

/// Expects the peers of the base policy on other ports.
std::vector<Expectation> meaning(Direction direction, const Words& opens) {
  const Words peers = direction == Direction::ingress ? Words{"x/b", "x/c", "y/b", "y/c"}
                                                      : Words{"y/a", "y/b", "z/a", "z/b"};
  const auto others = shut_around_xa() + base_of(opposite(direction));
  return opens.empty() ? others : others + allow_peers(direction, peers, opens);
}

std::string prefix(Direction direction) {
  return "ports-protocols/" + std::string(to_string(direction)) + "/";
}

Words with_direction(Direction direction, const Words& tags) {
  Words all = {std::string(to_string(direction))};
  all.insert(all.end(), tags.begin(), tags.end());
  return all;
}

Case one_port(Direction direction, const Kind& kind, const std::string& reason) {
  return one_step(prefix(direction) + kind.name,
                  reason,
                  {with_direction(direction, kind.tags), kind.detects, {}},
                  with_ports(direction, {kind.port}),
                  meaning(direction, kind.opens));
}

Case two_ports(Direction direction, const Kind& first, const Kind& second) {
  Words tags = with_direction(direction, first.tags);
  tags.insert(tags.begin() + 1, "multi-port/protocol");
  tags.insert(tags.end(), second.tags.begin(), second.tags.end());
  Words opens = first.opens;
  opens.insert(opens.end(), second.opens.begin(), second.opens.end());
  return one_step(prefix(direction) + first.name + "," + second.name,
                  "Two ports of one rule: both are open, and no third.",
                  {tags, {"O3", "I2"}, {}},
                  with_ports(direction, {first.port, second.port}),
                  meaning(direction, opens));
}

Case no_ports(Direction direction) {
  return one_step(prefix(direction) + "none",
                  "A rule without ports is about every port of every protocol.",
                  {{std::string(to_string(direction)), "any-port-protocol"}, {"P6", "O3"}, {}},
                  with_ports(direction, {}),
                  meaning(direction, {""}));
}

void add(std::vector<Case>& cases, const std::vector<Kind>& kinds, const std::string& reason) {
  for (const auto direction : {Direction::egress, Direction::ingress}) {
    for (const auto& kind : kinds) {
      cases.push_back(one_port(direction, kind, reason));
    }
  }
}

}  // namespace

std::vector<Case> ports_cases() {
  std::vector<Case> cases = {no_ports(Direction::egress), no_ports(Direction::ingress)};
  add(cases, numbered(), "One port: it is open to the peers of the rule, and no other is.");
  add(cases, by_name(), "One port by its name, which each destination pod gives a number.");
  add(cases, pathological(), "A port that nobody serves opens nothing.");
  add(cases, ranges(), "A range includes both its ends.");
  for (const auto direction : {Direction::egress, Direction::ingress}) {
    for (const auto& [first, second] : pairs()) {
      cases.push_back(two_ports(direction, first, second));
    }
  }
  return cases;
}

}  // namespace nettest::catalogue
