// Access to a cluster: kubectl, its proxy, and clients of the API. A shell.
#pragma once

#include <memory>
#include <string>

#include "harness/kubernetes/api_client.hpp"
#include "harness/kubernetes/kubectl.hpp"
#include "harness/kubernetes/kubectl_proxy.hpp"

namespace nettest {

/// A cluster that answers. May be used by several threads; each takes a client of its own.
class Cluster {
 public:
  /// Fails when kubectl is missing, nobody answers, or the credentials are refused: one line each.
  static Result<std::shared_ptr<Cluster>> connect(const ClusterChoice& choice, TimePoint deadline);

  [[nodiscard]] const Kubectl& kubectl() const { return kubectl_; }
  /// "v1.34.4", of the API server.
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] ApiClient client(OnInterrupt on_interrupt = OnInterrupt::stop) const;

 private:
  Cluster(Kubectl kubectl, std::unique_ptr<KubectlProxy> proxy)
      : kubectl_(std::move(kubectl)), proxy_(std::move(proxy)) {}
  Result<void> greet(TimePoint deadline);

  Kubectl kubectl_;
  std::unique_ptr<KubectlProxy> proxy_;
  std::string version_;
};

}  // namespace nettest
