// What the local engine can be asked, without one. Pure.
#pragma once

#include "harness/engine.hpp"

namespace nettest {

inline Capabilities local_capabilities() {
  Capabilities capabilities;
  capabilities.engine = "local";
  capabilities.protocols = {Protocol::tcp, Protocol::udp};
  capabilities.families = {IpFamily::ipv4, IpFamily::ipv6};
  capabilities.clients = {Client::agent, Client::wget};
  capabilities.synchronous = true;
  capabilities.nodes = {"n1", "n2"};
  return capabilities;
}

}  // namespace nettest
