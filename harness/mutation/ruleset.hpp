// Reads the filter of a compiled ruleset and says what it does with a packet, without a kernel.
// Services are not read. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/local/nft_program.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A packet where a node forwards it: after translation of its destination.
struct Packet {
  std::string in_interface;
  std::string out_interface;
  IpAddress source;
  IpAddress destination;
  Protocol protocol = Protocol::tcp;
  Port source_port = 0;
  Port destination_port = 0;
  /// What the client asked for, and whether that was translated on this node.
  IpAddress asked_address;
  Port asked_port = 0;
  bool translated = false;
  /// Of a connection that was let through before.
  bool established = false;
};

/// The chain "forward" of a program, with all it leads to.
class Ruleset {
 public:
  explicit Ruleset(const NftProgram& program);

  /// Says whether the packet is let through.
  [[nodiscard]] bool forwards(const Packet& packet) const;

 private:
  enum class Field {
    state,
    translated,
    protocol,
    family,
    source,
    destination,
    source_port,
    destination_port,
    asked_address,
    asked_port,
    pair,
    destination_and_port
  };
  struct Elements {
    std::set<std::string, std::less<>> texts;
    std::set<IpAddress> addresses;
    std::vector<Cidr> blocks;
    std::vector<std::pair<Port, Port>> ports;
  };
  struct Match {
    Field field = Field::state;
    bool negated = false;
    std::optional<IpFamily> family;
    std::optional<Protocol> protocol;
    Elements elements;
  };
  enum class Verb { proceed, accept, drop, give_back, by_in_interface, by_out_interface };
  struct Rule {
    std::vector<Match> matches;
    Verb verb = Verb::proceed;
    std::string map;
  };
  enum class Ending { none, accept, drop };

  void read(const std::string& command);
  void read_elements(std::string_view name, std::string_view list);
  void read_rule(const std::string& chain, std::vector<std::string> words);
  Match read_match(std::vector<std::string>& words);
  Elements read_value(std::vector<std::string>& words);
  [[nodiscard]] static bool holds(const Match& match, const Packet& packet);
  [[nodiscard]] Ending run(const std::string& chain, const Packet& packet) const;

  std::map<std::string, Elements, std::less<>> sets_;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> maps_;
  std::map<std::string, std::vector<Rule>, std::less<>> chains_;
};

}  // namespace nettest
