#include "harness/local/nft_program.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace nettest {

namespace {

/// Small enough for one netlink message of a transaction.
constexpr std::size_t kElementsPerCommand = 250;

}  // namespace

std::string NftProgram::text() const {
  return join(body, "\n") + "\n" + join(hooks, "\n") + "\n";
}

NftBuilder::NftBuilder(const std::string& table) : where_("inet " + table + " ") {
  program_.table = table;
  program_.body.push_back("add table inet " + table);
}

std::string NftBuilder::set(const std::string& type,
                            const std::vector<std::string>& elements,
                            const std::string& flags) {
  const std::string key = type + flags + join(elements, ",");
  const auto [found, is_new] = sets_.try_emplace(key, "s" + std::to_string(sets_.size()));
  if (is_new) {
    program_.body.push_back("add set " + where_ + found->second + " { type " + type + "; " + flags +
                            " }");
    add_elements(found->second, elements);
  }
  return "@" + found->second;
}

void NftBuilder::named_set(const std::string& name,
                           const std::string& type,
                           const std::vector<std::string>& elements) {
  program_.body.push_back("add set " + where_ + name + " { type " + type + "; }");
  add_elements(name, elements);
}

std::string NftBuilder::map(const std::string& name,
                            const std::string& type,
                            const std::vector<std::string>& elements) {
  program_.body.push_back("add map " + where_ + name + " { type " + type + "; }");
  add_elements(name, elements);
  return "@" + name;
}

void NftBuilder::add_elements(const std::string& name, const std::vector<std::string>& elements) {
  for (std::size_t from = 0; from < elements.size(); from += kElementsPerCommand) {
    const std::size_t to = std::min(from + kElementsPerCommand, elements.size());
    const std::vector<std::string> part(elements.begin() + static_cast<std::ptrdiff_t>(from),
                                        elements.begin() + static_cast<std::ptrdiff_t>(to));
    program_.body.push_back("add element " + where_ + name + " { " + join(part, ", ") + " }");
  }
}

void NftBuilder::chain(const std::string& name) {
  program_.body.push_back("add chain " + where_ + name);
}

void NftBuilder::rule(const std::string& chain, const std::string& text) {
  program_.body.push_back("add rule " + where_ + chain + " " + text);
}

void NftBuilder::base_chain(const std::string& name, const std::string& hook) {
  program_.hooks.push_back("add chain " + where_ + name + " { " + hook + " }");
}

void NftBuilder::base_rule(const std::string& chain, const std::string& text) {
  program_.hooks.push_back("add rule " + where_ + chain + " " + text);
}

}  // namespace nettest
