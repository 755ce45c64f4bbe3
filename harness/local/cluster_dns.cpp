#include "harness/local/cluster_dns.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/text.hpp"
#include "harness/local/forbidden.hpp"
#include "harness/local/service_compiler.hpp"

namespace nettest {

namespace {

constexpr const char* kDomain = ".svc.cluster.local";
constexpr std::uint16_t kDnsPort = 53;
constexpr auto kRetry = std::chrono::milliseconds(10);

std::string serial_label(unsigned serial) {
  return "serial" + std::to_string(serial);
}

/// A DNS query for the A record of `label`.nettest (RFC 1035 section 4.1).
std::string query_for(const std::string& label) {
  std::string query("\x4e\x54\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
  for (const std::string& part : {label, std::string("nettest")}) {
    query += static_cast<char>(part.size());
    query += part;
  }
  query.append("\x00\x00\x01\x00\x01", 5);
  return query;
}

/// Says whether it is an answer without error, with at least one record, to that very query.
bool answers(const std::string& answer, const std::string& query) {
  constexpr std::size_t kHeader = 12;
  return answer.size() > query.size() && (answer[3] & 0x0F) == 0 && answer[7] != 0 &&
         answer.compare(kHeader, query.size() - kHeader, query, kHeader, std::string::npos) == 0;
}

Result<Descriptor> loopback_socket(const NamespaceSet& pod) {
  Descriptor opened;
  const auto done = in_network(pod.network, [&]() -> Result<void> {
    opened = Descriptor(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(kDnsPort);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(opened.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      return fail(ErrorKind::engine, failed_call("connect(127.0.0.1:53)", errno));
    }
    return {};
  });
  if (!done) {
    return tl::unexpected(done.error());
  }
  return opened;
}

void add_name(std::string& text, const IpAddress& address, const ServiceId& id) {
  text += to_string(address) + " " + id.name + "." + id.namespace_name + kDomain + "\n";
}

std::vector<IpAddress> own_addresses(const AddressBook& addresses, const Service& service) {
  const auto own = addresses.services.find(service.id);
  return own == addresses.services.end() ? std::vector<IpAddress>() : own->second;
}

std::vector<IpAddress> addresses_behind(const World& world,
                                        const AddressBook& addresses,
                                        const Service& service) {
  std::vector<IpAddress> behind;
  for (const Pod* pod : pods_behind(world, service)) {
    const auto found = addresses.pods.find(pod->id);
    for (const IpFamily family : service.families) {
      const auto address =
          found == addresses.pods.end() ? std::nullopt : address_of(found->second, family);
      if (address) {
        behind.push_back(*address);
      }
    }
  }
  return behind;
}

}  // namespace

std::string cluster_hosts(const World& world, const AddressBook& addresses) {
  std::string text;
  for (const Service& service : world.services) {
    const auto named = service.headless ? addresses_behind(world, addresses, service)
                                        : own_addresses(addresses, service);
    for (const IpAddress& address : named) {
      add_name(text, address, service.id);
    }
  }
  return text;
}

Result<std::string> find_dnsmasq() {
  const char* const path = std::getenv("PATH");
  std::vector<std::string> folders = split(path == nullptr ? "" : path, ':');
  folders.insert(folders.end(), {"/usr/sbin", "/sbin", "/usr/local/sbin"});
  for (const std::string& folder : folders) {
    std::string file = folder + "/dnsmasq";
    if (!folder.empty() && access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return fail(ErrorKind::engine,
              "the local engine needs dnsmasq, the cluster's DNS server, and there is none in PATH "
              "or /usr/sbin: run `sudo apt-get install dnsmasq-base`");
}

Result<void> ClusterDns::write_hosts(const std::string& hosts) {
  ++serial_;
  hosts_ = hosts;
  std::ofstream file(file_, std::ios::trunc);
  file << hosts << "127.0.0.1 " << serial_label(serial_) << ".nettest\n";
  file.close();
  if (!file) {
    return fail(ErrorKind::engine, failed_call("write(" + file_ + ")", errno));
  }
  return {};
}

Result<void> ClusterDns::start(const NamespaceSet& pod, const std::string& hosts) {
  const auto program = find_dnsmasq();
  if (!program) {
    return tl::unexpected(program.error());
  }
  if (auto written = write_hosts(hosts); !written) {
    return written;
  }
  auto socket = loopback_socket(pod);
  if (!socket) {
    return tl::unexpected(socket.error());
  }
  question_socket_ = std::move(*socket);
  ChildSpec spec;
  spec.argv = {*program,
               "--keep-in-foreground",
               "--user=",
               "--group=",
               "--conf-file=/dev/null",
               "--no-resolv",
               "--no-hosts",
               "--addn-hosts=" + file_,
               "--local=/#/",
               "--bind-interfaces",
               "--cache-size=0",
               "--pid-file=",
               "--log-facility=-"};
  spec.namespaces = {pod.network.get(), pod.names.get(), pod.mounts.get()};
  spec.directory = "/";
  auto child = LineChild::start(reactor_, spec, {[](std::string_view) {}});
  if (!child) {
    return tl::unexpected(child.error().while_doing("start the cluster's DNS server"));
  }
  child_ = std::move(*child);
  return {};
}

Result<void> ClusterDns::update(const std::string& hosts) {
  if (hosts == hosts_) {
    return {};
  }
  if (auto written = write_hosts(hosts); !written) {
    return written;
  }
  kill(child_->pid(), SIGHUP);
  return {};
}

Result<void> ClusterDns::wait_until_current(TimePoint deadline) {
  if (!child_ || seen_serial_ == serial_) {
    return {};
  }
  const std::string query = query_for(serial_label(serial_));
  while (std::chrono::steady_clock::now() < deadline) {
    // Nobody may be listening yet: an error that is told by the next call.
    static_cast<void>(send(question_socket_.get(), query.data(), query.size(), 0));
    const auto end = reactor_.run_until(
        [&] { return child_->end().has_value(); },
        std::min<TimePoint>(std::chrono::steady_clock::now() + kRetry / 5, deadline));
    if (end == RunEnd::interrupt) {
      return fail(ErrorKind::interrupted, "interrupted");
    }
    if (auto living = alive(); !living) {
      return living;
    }
    pollfd waiting{question_socket_.get(), POLLIN, 0};
    poll(&waiting, 1, static_cast<int>(kRetry.count()));
    std::string answer(512, '\0');
    for (;;) {
      const auto got = recv(question_socket_.get(), answer.data(), answer.size(), 0);
      if (got <= 0) {
        break;
      }
      if (answers(answer.substr(0, static_cast<std::size_t>(got)), query)) {
        seen_serial_ = serial_;
        return {};
      }
    }
  }
  return fail(ErrorKind::engine, "the cluster's DNS server (dnsmasq) does not answer");
}

Result<void> ClusterDns::alive() const {
  if (child_ && child_->end()) {
    return fail(ErrorKind::engine,
                "the cluster's DNS server (dnsmasq) has ended: " + to_string(*child_->end()));
  }
  return {};
}

void ClusterDns::stop() {
  child_.reset();
  question_socket_.close();
}

}  // namespace nettest
