// The abstract unix socket by which `nettest shell` finds a running local world. Touches sockets.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace nettest {

/// Opens a listening SOCK_SEQPACKET socket with an abstract name: nothing on disk, gone with its
/// last holder. accept(2) does not wait on it.
Result<int> listen_for_shells(const std::string& name);

/// Connects to the world of that name; the peer must be the calling user.
Result<int> connect_to_world(const std::string& name);

/// The runs of `user` that listen in this network namespace, sorted.
std::vector<std::string> running_worlds(unsigned user);

/// The user at the other end of a connected socket, as this process's user namespace sees it.
Result<unsigned> peer_user(int socket);

}  // namespace nettest
