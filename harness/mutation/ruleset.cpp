#include "harness/mutation/ruleset.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace nettest {

namespace {

using Words = std::vector<std::string>;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Takes the word in front.
std::string take(Words& words) {
  if (words.empty()) {
    std::abort();
  }
  std::string word = words.front();
  words.erase(words.begin());
  return word;
}

bool take_if(Words& words, std::initializer_list<const char*> wanted) {
  if (words.size() < wanted.size() || !std::equal(wanted.begin(), wanted.end(), words.begin())) {
    return false;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(wanted.size()));
  return true;
}

std::optional<Protocol> protocol_of(std::string_view word) {
  for (const auto& [name, protocol] : {std::pair("tcp", Protocol::tcp),
                                       std::pair("udp", Protocol::udp),
                                       std::pair("sctp", Protocol::sctp)}) {
    if (word == name) {
      return protocol;
    }
  }
  return std::nullopt;
}

IpFamily family_of_word(std::string_view word) {
  return word.ends_with('6') ? IpFamily::ipv6 : IpFamily::ipv4;
}

Port number(const std::string& text) {
  return static_cast<Port>(std::strtoul(text.c_str(), nullptr, 10));
}

/// Where a line of the program ends up: "add rule inet TABLE NAME REST".
struct Command {
  std::string kind;
  std::string name;
  std::string rest;
};

Command parse(const std::string& text) {
  std::vector<std::string> parts = split(text, ' ');
  Command command;
  if (parts.size() < 5) {
    return command;
  }
  command.kind = parts[1];
  command.name = parts[4];
  command.rest = join({parts.begin() + 5, parts.end()}, " ");
  return command;
}

}  // namespace

Ruleset::Ruleset(const NftProgram& program) {
  for (const auto* part : {&program.body, &program.hooks}) {
    for (const std::string& command : *part) {
      read(command);
    }
  }
}

void Ruleset::read(const std::string& text) {
  const Command command = parse(text);
  if (command.kind == "element") {
    read_elements(command.name, command.rest);
  } else if (command.kind == "chain") {
    chains_[command.name];
  } else if (command.kind == "rule" &&
             (command.name == "forward" || command.name.starts_with("egress") ||
              command.name.starts_with("ingress"))) {
    Words words = split(command.rest, ' ');
    std::erase(words, "");
    read_rule(command.name, std::move(words));
  }
}

void Ruleset::read_elements(std::string_view name, std::string_view list) {
  const auto open = list.find('{');
  const auto close = list.rfind('}');
  if (open == std::string_view::npos || close == std::string_view::npos) {
    return;
  }
  for (const std::string& part : split(list.substr(open + 1, close - open - 1), ',')) {
    const std::string text(trimmed(part));
    if (const auto jump = text.find(" : jump "); jump != std::string::npos) {
      maps_[std::string(name)][text.substr(1, jump - 2)] = text.substr(jump + 8);
      continue;
    }
    Elements& set = sets_[std::string(name)];
    if (const auto block = Cidr::parse(text)) {
      set.blocks.push_back(*block);
    } else if (const auto address = IpAddress::parse(text)) {
      set.addresses.insert(*address);
    } else {
      set.texts.insert(text);
    }
  }
}

/// "@set", "{ a, b }" or one value.
Ruleset::Elements Ruleset::read_value(Words& words) {
  std::string first = take(words);
  if (first.starts_with('@')) {
    return sets_[first.substr(1)];
  }
  Words values = {first};
  if (first == "{") {
    values.clear();
    for (std::string word = take(words); word != "}"; word = take(words)) {
      values.push_back(word.ends_with(',') ? word.substr(0, word.size() - 1) : word);
    }
  }
  Elements elements;
  for (const std::string& value : values) {
    if (const auto block = Cidr::parse(value)) {
      elements.blocks.push_back(*block);
    } else if (const auto address = IpAddress::parse(value)) {
      elements.addresses.insert(*address);
    } else if (std::isdigit(static_cast<unsigned char>(value.front())) != 0) {
      const auto dash = value.find('-');
      elements.ports.emplace_back(
          number(value.substr(0, dash)),
          number(dash == std::string::npos ? value : value.substr(dash + 1)));
    } else {
      elements.texts.insert(value);
    }
  }
  return elements;
}

Ruleset::Match Ruleset::read_match(Words& words) {
  Match match;
  if (take_if(words, {"ct", "state", "established,related"})) {
    match.field = Field::state;
    return match;
  }
  if (take_if(words, {"ct", "status", "dnat"})) {
    match.field = Field::translated;
    return match;
  }
  if (take_if(words, {"ct", "original", "proto-dst"})) {
    match.field = Field::asked_port;
  } else if (take_if(words, {"ct", "original"})) {
    match.field = Field::asked_address;
    match.family = family_of_word(take(words));
    take(words);
  } else if (take_if(words, {"meta", "l4proto"})) {
    match.field = Field::protocol;
  } else if (take_if(words, {"meta", "nfproto"})) {
    match.field = Field::family;
  } else if (const auto protocol = protocol_of(words.front())) {
    match.protocol = protocol;
    take(words);
    match.field = take(words) == "sport" ? Field::source_port : Field::destination_port;
  } else {
    match.family = family_of_word(take(words));
    match.field = take(words) == "saddr" ? Field::source : Field::destination;
    if (take_if(words, {"."})) {
      const std::string second = take(words);
      match.protocol = protocol_of(second);
      match.field = match.protocol ? Field::destination_and_port : Field::pair;
      take(words);
    }
  }
  match.negated = take_if(words, {"!="});
  match.elements = read_value(words);
  return match;
}

void Ruleset::read_rule(const std::string& chain, Words words) {
  Rule rule;
  while (!words.empty()) {
    if (take_if(words, {"iifname", "vmap"})) {
      rule.verb = Verb::by_in_interface;
      rule.map = take(words).substr(1);
    } else if (take_if(words, {"oifname", "vmap"})) {
      rule.verb = Verb::by_out_interface;
      rule.map = take(words).substr(1);
    } else if (take_if(words, {"accept"})) {
      rule.verb = Verb::accept;
    } else if (take_if(words, {"drop"})) {
      rule.verb = Verb::drop;
    } else if (take_if(words, {"return"})) {
      rule.verb = Verb::give_back;
    } else {
      rule.matches.push_back(read_match(words));
    }
  }
  chains_[chain].push_back(std::move(rule));
}

namespace {

template <typename Elements>
bool has_address(const Elements& elements, const IpAddress& address) {
  return elements.addresses.contains(address) ||
         std::any_of(elements.blocks.begin(), elements.blocks.end(), [&](const Cidr& block) {
           return block.contains(address);
         });
}

template <typename Elements>
bool has_port(const Elements& elements, Port port) {
  return std::any_of(elements.ports.begin(), elements.ports.end(), [&](const auto& range) {
    return range.first <= port && port <= range.second;
  });
}

std::string protocol_word(Protocol protocol) {
  return protocol == Protocol::tcp ? "tcp" : protocol == Protocol::udp ? "udp" : "sctp";
}

}  // namespace

bool Ruleset::holds(const Match& match, const Packet& packet) {
  if ((match.family && *match.family != packet.destination.family()) ||
      (match.protocol && *match.protocol != packet.protocol)) {
    return false;
  }
  bool found = false;
  switch (match.field) {
    case Field::state:
      return packet.established;
    case Field::translated:
      return packet.translated;
    case Field::protocol:
      found = match.elements.texts.contains(protocol_word(packet.protocol));
      break;
    case Field::family:
      found = match.elements.texts.contains(packet.destination.family() == IpFamily::ipv4 ? "ipv4"
                                                                                          : "ipv6");
      break;
    case Field::source:
      found = has_address(match.elements, packet.source);
      break;
    case Field::destination:
      found = has_address(match.elements, packet.destination);
      break;
    case Field::source_port:
      found = has_port(match.elements, packet.source_port);
      break;
    case Field::destination_port:
      found = has_port(match.elements, packet.destination_port);
      break;
    case Field::asked_address:
      found = has_address(match.elements, packet.asked_address);
      break;
    case Field::asked_port:
      found = has_port(match.elements, packet.asked_port);
      break;
    case Field::pair:
      found = match.elements.texts.contains(to_string(packet.source) + " . " +
                                            to_string(packet.destination));
      break;
    case Field::destination_and_port:
      found = match.elements.texts.contains(to_string(packet.destination) + " . " +
                                            std::to_string(packet.destination_port));
      break;
  }
  return found != match.negated;
}

Ruleset::Ending Ruleset::run(const std::string& chain, const Packet& packet) const {
  const auto found = chains_.find(chain);
  if (found == chains_.end()) {
    return Ending::none;
  }
  for (const Rule& rule : found->second) {
    if (!std::all_of(rule.matches.begin(), rule.matches.end(), [&](const Match& match) {
          return holds(match, packet);
        })) {
      continue;
    }
    if (rule.verb == Verb::accept || rule.verb == Verb::drop) {
      return rule.verb == Verb::accept ? Ending::accept : Ending::drop;
    }
    if (rule.verb == Verb::give_back) {
      return Ending::none;
    }
    if (rule.verb == Verb::proceed) {
      continue;
    }
    const auto map = maps_.find(rule.map);
    const std::string& key =
        rule.verb == Verb::by_in_interface ? packet.in_interface : packet.out_interface;
    if (map == maps_.end() || !map->second.contains(key)) {
      continue;
    }
    if (const Ending ending = run(map->second.at(key), packet); ending != Ending::none) {
      return ending;
    }
  }
  return Ending::none;
}

bool Ruleset::forwards(const Packet& packet) const {
  return run("forward", packet) != Ending::drop;
}

}  // namespace nettest
