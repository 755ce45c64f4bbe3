#include "suites/placeholders.hpp"

#include <optional>
#include <utility>

#include "base/text.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

namespace {

constexpr std::string_view kBegin = "$(";

tl::unexpected<Error> malformed(std::string_view written) {
  return fail(ErrorKind::suite,
              "\"" + printable(written) +
                  "\" is no placeholder; there are $(ip NAMESPACE/POD), $(ip6 NAMESPACE/POD), $(ip "
                  "svc:NAMESPACE/SERVICE) and $(node-ip NODE)");
}

std::optional<Placeholder::Kind> kind_of(std::string_view word) {
  if (word == "ip") {
    return Placeholder::Kind::ip;
  }
  if (word == "ip6") {
    return Placeholder::Kind::ip6;
  }
  if (word == "node-ip") {
    return Placeholder::Kind::node_ip;
  }
  return std::nullopt;
}

/// Parses what stands between `$(` and `)`.
std::optional<Placeholder> parse(std::string_view inner) {
  const auto space = inner.find(' ');
  const auto kind = kind_of(inner.substr(0, space));
  if (!kind || space == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view name = inner.substr(space + 1);
  Placeholder found;
  found.kind = *kind;
  constexpr std::string_view kService = "svc:";
  if (name.starts_with(kService)) {
    found.service = true;
    name.remove_prefix(kService.size());
  }
  const auto slash = name.find('/');
  const bool of_node = *kind == Placeholder::Kind::node_ip;
  if (of_node != (slash == std::string_view::npos) || (of_node && found.service)) {
    return std::nullopt;
  }
  if (!of_node) {
    found.namespace_name = name.substr(0, slash);
    name.remove_prefix(slash + 1);
  }
  found.name = name;
  const bool named = !name.empty() && name.find_first_of("/ ") == std::string_view::npos &&
                     (of_node || !found.namespace_name.empty());
  return named ? std::optional(found) : std::nullopt;
}

const std::vector<IpAddress>* addresses_of(const Placeholder& wanted, const AddressBook& book) {
  if (wanted.kind == Placeholder::Kind::node_ip) {
    const auto node = book.nodes.find(wanted.name);
    return node == book.nodes.end() ? nullptr : &node->second;
  }
  if (!wanted.service) {
    const auto pod = book.pods.find({wanted.namespace_name, wanted.name});
    if (pod != book.pods.end()) {
      return &pod->second;
    }
  }
  const auto service = book.services.find({wanted.namespace_name, wanted.name});
  return service == book.services.end() ? nullptr : &service->second;
}

Result<std::string> address_text(const Placeholder& wanted, const AddressBook& book) {
  const auto* addresses = addresses_of(wanted, book);
  if (addresses == nullptr) {
    return fail(ErrorKind::suite,
                wanted.written + " has no address: there is no " +
                    (wanted.kind == Placeholder::Kind::node_ip
                         ? "node " + wanted.name
                         : std::string(wanted.service ? "service " : "pod or service ") +
                               wanted.namespace_name + "/" + wanted.name));
  }
  if (wanted.kind == Placeholder::Kind::node_ip && !addresses->empty()) {
    return to_string(address_of(*addresses, IpFamily::ipv4).value_or(addresses->front()));
  }
  const IpFamily family = wanted.kind == Placeholder::Kind::ip6 ? IpFamily::ipv6 : IpFamily::ipv4;
  const auto address = address_of(*addresses, family);
  if (!address) {
    return fail(ErrorKind::suite,
                wanted.written + " has no " + std::string(to_string(family)) + " address");
  }
  return to_string(*address);
}

/// Walks the pieces of `text`: plain text and placeholders in turn.
struct Piece {
  std::string_view before;
  std::optional<Placeholder> placeholder;
};

Result<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  while (true) {
    const auto begin = text.find(kBegin);
    if (begin == std::string_view::npos) {
      pieces.push_back({text, std::nullopt});
      return pieces;
    }
    const auto end = text.find(')', begin);
    if (end == std::string_view::npos) {
      return malformed(text.substr(begin));
    }
    const auto written = text.substr(begin, end - begin + 1);
    auto placeholder = parse(written.substr(2, written.size() - 3));
    if (!placeholder) {
      return malformed(written);
    }
    placeholder->written = written;
    pieces.push_back({text.substr(0, begin), std::move(placeholder)});
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool has_placeholder(std::string_view text) {
  return text.find(kBegin) != std::string_view::npos;
}

Result<std::vector<Placeholder>> placeholders_of(std::string_view text) {
  auto pieces = pieces_of(text);
  if (!pieces) {
    return tl::unexpected(pieces.error());
  }
  std::vector<Placeholder> found;
  for (auto& piece : *pieces) {
    if (piece.placeholder) {
      found.push_back(std::move(*piece.placeholder));
    }
  }
  return found;
}

Result<std::string> fill_placeholders(std::string_view text, const AddressBook& addresses) {
  const auto pieces = pieces_of(text);
  if (!pieces) {
    return tl::unexpected(pieces.error());
  }
  std::string filled;
  for (const auto& piece : *pieces) {
    filled += piece.before;
    if (piece.placeholder) {
      const auto address = address_text(*piece.placeholder, addresses);
      if (!address) {
        return address;
      }
      filled += *address;
    }
  }
  return filled;
}

}  // namespace nettest
