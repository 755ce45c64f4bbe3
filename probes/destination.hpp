// The grammar of `to:` in probes: URL, pod or pod glob, service. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "suites/placeholders.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// The host of a URL: a name ("web.default"), an address ("10.0.0.1"), or a
/// placeholder ("$(ip z/c)") with what it stands for.
struct UrlHost {
  std::string text;
  std::optional<IpAddress> address;
  std::optional<Placeholder> placeholder;
  IpFamily family = IpFamily::ipv4;
};

/// "http://HOST[:PORT][/PATH]".
struct Url {
  UrlHost host;
  Port port = 80;
  /// With its leading slash; empty when the URL has none.
  std::string path;

  /// Formats with `host` in place of its own ("http://10.0.0.1:8080/").
  [[nodiscard]] std::string with_host(const std::string& text) const;
};

/// Says whether the text means to be a URL: it has "://" before any slash.
bool looks_like_url(std::string_view text);
Result<Url> parse_url(std::string_view text);

/// "ns/name" with globs, and a port and protocol where they are given.
struct NamedDestination {
  std::string namespace_glob;
  std::string name_glob;
  std::optional<Port> port;
  /// TCP when a port is given without one.
  std::optional<Protocol> protocol;
  /// Written with "svc:" in front.
  bool service = false;
};

Result<NamedDestination> parse_named_destination(std::string_view text);

/// Matches "ns/name" part by part; a pattern without slash is matched against
/// the whole.
bool matches_id(std::string_view pattern,
                const std::string& namespace_name,
                const std::string& name);

/// Says whether the text has `*` or `?` in it.
bool is_glob(std::string_view text);

}  // namespace nettest
