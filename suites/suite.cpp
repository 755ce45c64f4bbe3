#include "suites/suite.hpp"

namespace nettest {

std::string_view to_string(By by) {
  switch (by) {
    case By::pod_ip:
      return "pod-ip";
    case By::service_ip:
      return "service-ip";
    case By::service_name:
      return "service-name";
    case By::url:
      return "url";
  }
  return "?";
}

std::string_view to_string(Need need) {
  switch (need) {
    case Need::sctp:
      return "sctp";
    case Need::ipv6:
      return "ipv6";
    case Need::two_nodes:
      return "two-nodes";
    case Need::services:
      return "services";
  }
  return "?";
}

std::string_view to_string(Client client) {
  return client == Client::agent ? "agent" : "wget";
}

}  // namespace nettest
