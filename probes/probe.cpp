#include "probes/probe.hpp"

#include "probes/destination.hpp"

namespace nettest {

namespace {

/// "http://web.default" and "http://web.default:80/" are the same URL.
bool same_url(const std::string& a, const std::string& b) {
  const auto left = parse_url(a);
  const auto right = parse_url(b);
  if (!left || !right) {
    return a == b;
  }
  const auto path = [](const Url& url) { return url.path.empty() ? "/" : url.path; };
  return left->host.text == right->host.text && left->port == right->port &&
         path(*left) == path(*right);
}

/// An expectation of a URL with a placeholder speaks of the pod or service that
/// the placeholder stands for.
bool fits_placeholder(const Url& url, const Probe& probe) {
  const Placeholder& id = *url.host.placeholder;
  const auto same = [&](const auto& other) {
    return other.namespace_name == id.namespace_name && other.name == id.name;
  };
  return url.port == probe.port && url.host.family == probe.family && std::visit(same, probe.to) &&
         parse_url(probe.url).map([&](const Url& asked) { return asked.path == url.path; }) == true;
}

bool fits_url(const std::string& wanted, const Probe& probe) {
  if (probe.by != By::url) {
    return false;
  }
  const auto url = parse_url(wanted);
  return url && url->host.placeholder ? fits_placeholder(*url, probe) : same_url(wanted, probe.url);
}

bool fits_destination(const std::string& wanted, const Probe& probe) {
  if (looks_like_url(wanted)) {
    return fits_url(wanted, probe);
  }
  constexpr std::string_view kService = "svc:";
  std::string_view pattern = wanted;
  if (pattern.starts_with(kService)) {
    if (!std::holds_alternative<ServiceId>(probe.to)) {
      return false;
    }
    pattern.remove_prefix(kService.size());
  }
  return std::visit([&](const auto& id) { return matches_id(pattern, id.namespace_name, id.name); },
                    probe.to);
}

}  // namespace

std::string destination_text(const Probe& probe) {
  if (probe.by == By::url) {
    return probe.url;
  }
  return std::visit([](const auto& id) { return to_string(id); }, probe.to);
}

std::string to_string(const Probe& probe) {
  std::string text = to_string(probe.from) + " -> " + destination_text(probe);
  if (probe.by != By::url) {
    text += ":" + std::to_string(probe.port) + "/" + std::string(to_string(probe.protocol));
  }
  if (probe.by == By::service_ip || probe.by == By::service_name) {
    text += " by " + std::string(to_string(probe.by));
  }
  if (probe.family == IpFamily::ipv6) {
    text += " IPv6";
  }
  if (probe.client == Client::wget) {
    text += " with wget";
  }
  return text;
}

bool matches(const Expectation& expectation, const Probe& probe) {
  return (!expectation.port || *expectation.port == probe.port) &&
         (!expectation.protocol || *expectation.protocol == probe.protocol) &&
         matches_id(expectation.from, probe.from.namespace_name, probe.from.name) &&
         fits_destination(expectation.to, probe);
}

}  // namespace nettest
