// An nftables ruleset as a list of commands, in the order in which they must be given. Pure.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nettest {

/// The ruleset of one node and one moment: a table of its own generation. Nothing of `body` takes
/// effect before `hooks`, so that a big body can be loaded in several transactions.
struct NftProgram {
  std::string table;
  std::vector<std::string> body;
  std::vector<std::string> hooks;

  /// All commands, for people and tests.
  [[nodiscard]] std::string text() const;
};

/// Collects the commands of a program. Sets of the same type and elements are made once.
class NftBuilder {
 public:
  explicit NftBuilder(const std::string& table);

  /// Names a set of that type with these elements: "@s4". `flags` such as "flags interval;".
  std::string set(const std::string& type,
                  const std::vector<std::string>& elements,
                  const std::string& flags = "");
  /// Makes a set under a name of its own, also when it is empty.
  void named_set(const std::string& name,
                 const std::string& type,
                 const std::vector<std::string>& elements);
  /// Makes a named map, also when it is empty: "@egress".
  std::string map(const std::string& name,
                  const std::string& type,
                  const std::vector<std::string>& elements);
  void chain(const std::string& name);
  void rule(const std::string& chain, const std::string& text);
  /// A chain that the kernel calls; `hook` as in "type filter hook forward priority filter;".
  void base_chain(const std::string& name, const std::string& hook);
  void base_rule(const std::string& chain, const std::string& text);

  [[nodiscard]] NftProgram take() { return std::move(program_); }

 private:
  void add_elements(const std::string& name, const std::vector<std::string>& elements);

  NftProgram program_;
  std::string where_;
  std::map<std::string, std::string> sets_;
};

}  // namespace nettest
