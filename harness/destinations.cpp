#include "harness/destinations.hpp"

#include <map>
#include <variant>
#include <vector>

namespace nettest {

namespace {

constexpr Port kHttpPort = 80;

template <typename Id>
Result<std::string> address_text(const std::map<Id, std::vector<IpAddress>>& book,
                                 const Id& id,
                                 IpFamily family) {
  const auto found = book.find(id);
  const auto address = found == book.end() ? std::nullopt : address_of(found->second, family);
  if (!address) {
    return fail(ErrorKind::engine,
                to_string(id) + " has no " + std::string(to_string(family)) + " address here");
  }
  return to_string(*address);
}

}  // namespace

Result<std::string> destination_host(const Probe& probe, const AddressBook& addresses) {
  switch (probe.by) {
    case By::pod_ip:
      return address_text(addresses.pods, std::get<PodId>(probe.to), probe.family);
    case By::service_ip:
      return address_text(addresses.services, std::get<ServiceId>(probe.to), probe.family);
    case By::service_name:
    case By::url:
      return probe.host;
  }
  return probe.host;
}

std::string http_url(const std::string& host, Port port) {
  const std::string place = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return "http://" + place + (port == kHttpPort ? "" : ":" + std::to_string(port)) + "/";
}

}  // namespace nettest
