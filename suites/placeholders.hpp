// Placeholders for addresses that are not known before deployment: $(ip z/c), $(ip6 z/c),
// $(ip svc:default/web), $(node-ip n1). Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What one placeholder asks for.
struct Placeholder {
  enum class Kind { ip, ip6, node_ip };
  Kind kind = Kind::ip;
  /// Namespace and name of a pod or service, or the name of a node (namespace empty).
  /// Without `svc:` a pod comes first, then a service of that name.
  bool service = false;
  std::string namespace_name;
  std::string name;
  /// As written, with `$(` and `)`.
  std::string written;
};

/// Says whether `text` holds a placeholder.
bool has_placeholder(std::string_view text);

/// The placeholders of `text` in order. Kind suite (without a place) where one is
/// malformed.
Result<std::vector<Placeholder>> placeholders_of(std::string_view text);

/// Puts the addresses into `text`. Kind suite where one is not in the book.
Result<std::string> fill_placeholders(std::string_view text, const AddressBook& addresses);

}  // namespace nettest
