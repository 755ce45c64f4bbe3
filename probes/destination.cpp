#include "probes/destination.hpp"

#include <charconv>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::string_view kService = "svc:";
constexpr std::string_view kGrammar =
    "write a URL (http://web.default), a pod (ns/name, globs allowed) or a service "
    "(svc:ns/name), with :PORT and /PROTOCOL where wanted";

std::string quoted(std::string_view text) {
  return "\"" + printable(text) + "\"";
}

std::optional<Port> parse_port(std::string_view text) {
  unsigned value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  constexpr unsigned kLast = 65535;
  if (text.empty() || status != std::errc{} || stop != end || value == 0 || value > kLast) {
    return std::nullopt;
  }
  return static_cast<Port>(value);
}

std::optional<Protocol> parse_protocol(std::string_view text) {
  for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (text == to_string(protocol)) {
      return protocol;
    }
  }
  return std::nullopt;
}

Result<UrlHost> parse_placeholder(std::string_view text) {
  auto found = placeholders_of(text);
  if (!found) {
    return tl::unexpected(found.error());
  }
  const bool address = found->size() == 1 && found->front().kind != Placeholder::Kind::node_ip;
  if (!address) {
    return fail(ErrorKind::suite,
                quoted(text) + " is no host of a URL: write $(ip ns/name) or $(ip6 ns/name)");
  }
  UrlHost host;
  host.text = text;
  host.placeholder = std::move(found->front());
  host.family = host.placeholder->kind == Placeholder::Kind::ip6 ? IpFamily::ipv6 : IpFamily::ipv4;
  return host;
}

/// Length of the host at the front of what follows the scheme.
std::size_t host_length(std::string_view rest) {
  const auto after = [&](std::string_view closing) {
    const auto end = rest.find(closing);
    return end == std::string_view::npos ? rest.size() : end + 1;
  };
  if (rest.starts_with("$(")) {
    return after(")");
  }
  if (rest.starts_with("[")) {
    return after("]");
  }
  return std::min(rest.find_first_of(":/?#"), rest.size());
}

Result<UrlHost> parse_host(std::string_view text) {
  const bool bracketed = text.starts_with("[") && text.ends_with("]");
  const std::string_view bare = bracketed ? text.substr(1, text.size() - 2) : text;
  if (bare.starts_with("$(") && bare.ends_with(")")) {
    return parse_placeholder(bare);
  }
  UrlHost host;
  host.text = bare;
  host.address = IpAddress::parse(bare);
  if (host.address) {
    host.family = host.address->family();
  }
  const bool right_form =
      bracketed ? host.address && host.family == IpFamily::ipv6
                : !bare.empty() && bare.find_first_of("[]$() @") == std::string_view::npos;
  if (!right_form) {
    return fail(ErrorKind::suite, quoted(text) + " is no host name or address");
  }
  return host;
}

}  // namespace

std::string Url::with_host(const std::string& text) const {
  const bool brackets = text.find(':') != std::string::npos;
  std::string url(kScheme);
  url += brackets ? "[" + text + "]" : text;
  constexpr Port kHttp = 80;
  if (port != kHttp) {
    url += ":" + std::to_string(port);
  }
  return url + path;
}

bool looks_like_url(std::string_view text) {
  const auto scheme = text.find("://");
  return scheme != std::string_view::npos && scheme < text.find('/');
}

Result<Url> parse_url(std::string_view text) {
  if (!text.starts_with(kScheme)) {
    return fail(ErrorKind::suite, quoted(text) + ": only http:// URLs can be probed");
  }
  const std::string_view rest = text.substr(kScheme.size());
  const auto length = host_length(rest);
  auto host = parse_host(rest.substr(0, length));
  if (!host) {
    return tl::unexpected(host.error().while_doing("URL " + quoted(text)));
  }
  Url url;
  url.host = *std::move(host);
  std::string_view tail = rest.substr(length);
  if (tail.starts_with(":")) {
    const auto end = std::min(tail.find_first_of("/?#"), tail.size());
    const auto port = parse_port(tail.substr(1, end - 1));
    if (!port) {
      return fail(
          ErrorKind::suite,
          "URL " + quoted(text) + ": " + quoted(tail.substr(1, end - 1)) + " is no port (1-65535)");
    }
    url.port = *port;
    tail.remove_prefix(end);
  }
  if (tail.find_first_of(" \t") != std::string_view::npos) {
    return fail(ErrorKind::suite, "URL " + quoted(text) + " has a space in it");
  }
  url.path = tail;
  return url;
}

Result<NamedDestination> parse_named_destination(std::string_view text) {
  NamedDestination to;
  std::string_view rest = text;
  if (rest.starts_with(kService)) {
    to.service = true;
    rest.remove_prefix(kService.size());
  }
  const auto slash = rest.find('/');
  const auto colon = rest.find(':');
  if (slash == std::string_view::npos || slash == 0 || colon < slash ||
      slash + 1 == std::min(colon, rest.size())) {
    return fail(ErrorKind::suite, quoted(text) + " is no destination: " + std::string(kGrammar));
  }
  to.namespace_glob = rest.substr(0, slash);
  to.name_glob = rest.substr(slash + 1, std::min(colon, rest.size()) - slash - 1);
  if (to.name_glob.find('/') != std::string::npos) {
    return fail(ErrorKind::suite,
                quoted(text) + ": a protocol needs a port before it (ns/name:80/TCP)");
  }
  if (colon == std::string_view::npos) {
    return to;
  }
  const auto parts = split(rest.substr(colon + 1), '/');
  to.port = parse_port(parts.front());
  if (!to.port || parts.size() > 2) {
    return fail(ErrorKind::suite,
                quoted(text) + ": " + quoted(rest.substr(colon + 1)) +
                    " is no port: write a number from 1 to 65535, with /TCP, /UDP or /SCTP");
  }
  to.protocol = parts.size() == 2 ? parse_protocol(parts.back()) : Protocol::tcp;
  if (!to.protocol) {
    return fail(ErrorKind::suite,
                quoted(text) + ": " + quoted(parts.back()) + " is no protocol: TCP, UDP or SCTP");
  }
  return to;
}

bool matches_id(std::string_view pattern,
                const std::string& namespace_name,
                const std::string& name) {
  const auto slash = pattern.find('/');
  if (slash == std::string_view::npos) {
    return glob_matches(pattern, namespace_name + "/" + name);
  }
  return glob_matches(pattern.substr(0, slash), namespace_name) &&
         glob_matches(pattern.substr(slash + 1), name);
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

}  // namespace nettest
