#include "harness/kubernetes/cluster.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace nettest {

namespace {

/// A cluster that is there answers at once: no patience yet.
constexpr Duration kNoPatience{};

}  // namespace

ApiClient Cluster::client(OnInterrupt on_interrupt) const {
  return ApiClient(proxy_->socket(), on_interrupt);
}

Result<void> Cluster::greet(TimePoint deadline) {
  ApiClient api(proxy_->socket(), OnInterrupt::stop, kNoPatience);
  const auto version = api.get("/version", deadline);
  if (!version) {
    return tl::unexpected(version.error().to_error(kubectl_.cluster()));
  }
  version_ = version->value("gitVersion", "?");
  // /version is open to everybody; this is not, so it shows what the credentials are worth.
  const auto allowed = api.create(
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      {{"apiVersion", "authorization.k8s.io/v1"},
       {"kind", "SelfSubjectAccessReview"},
       {"spec", {{"resourceAttributes", {{"resource", "namespaces"}, {"verb", "list"}}}}}},
      deadline);
  if (!allowed) {
    return tl::unexpected(allowed.error().to_error(kubectl_.cluster()));
  }
  return {};
}

Result<std::shared_ptr<Cluster>> Cluster::connect(const ClusterChoice& choice, TimePoint deadline) {
  Reactor reactor;
  auto kubectl = Kubectl::find(reactor, choice, deadline);
  if (!kubectl) {
    return tl::unexpected(kubectl.error());
  }
  auto proxy = KubectlProxy::start(*kubectl, deadline);
  if (!proxy) {
    return tl::unexpected(proxy.error().while_doing(kubectl->cluster()));
  }
  std::shared_ptr<Cluster> cluster(new Cluster(std::move(*kubectl), std::move(*proxy)));
  if (auto greeted = cluster->greet(deadline); !greeted) {
    return tl::unexpected(greeted.error());
  }
  return cluster;
}

}  // namespace nettest
