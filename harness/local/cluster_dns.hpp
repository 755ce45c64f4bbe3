// The cluster's DNS server: a dnsmasq in the namespaces of the kube-dns pod. Touches processes.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "harness/local/namespaces.hpp"
#include "harness/process/line_child.hpp"
#include "suites/world.hpp"

namespace nettest {

/// What cluster DNS knows, in the form of /etc/hosts: ClusterIPs of services, and the pods of
/// headless ones. Pure.
std::string cluster_hosts(const World& world, const AddressBook& addresses);

/// Where dnsmasq is, or an Error that says how to get it.
Result<std::string> find_dnsmasq();

/// A running DNS server; it answers nothing but the names of the cluster.
class ClusterDns {
 public:
  /// `file` is where the names are kept.
  ClusterDns(Reactor& reactor, std::string file) : reactor_(reactor), file_(std::move(file)) {}

  /// Starts it in the pod; it answers a little later.
  Result<void> start(const NamespaceSet& pod, const std::string& hosts);
  /// Changes the names; it answers with them a little later.
  Result<void> update(const std::string& hosts);
  /// Waits until it answers with the names that it was given last.
  Result<void> wait_until_current(TimePoint deadline);
  void stop();

  [[nodiscard]] bool running() const { return child_.has_value(); }
  /// Fails with what it said when it has died.
  [[nodiscard]] Result<void> alive() const;

 private:
  Result<void> write_hosts(const std::string& hosts);

  Reactor& reactor_;
  std::string file_;
  std::optional<LineChild> child_;
  /// Asks it from inside its pod, where no policy is in the way.
  Descriptor question_socket_;
  std::string hosts_;
  unsigned serial_ = 0;
  /// What it is known to answer with.
  unsigned seen_serial_ = 0;
};

}  // namespace nettest
