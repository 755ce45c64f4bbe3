#include "harness/cli/kubernetes_factory.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <pwd.h>
#include <unistd.h>
#include <utility>

#include "harness/kubernetes/cleanup.hpp"
#include "harness/kubernetes/kubernetes_engine.hpp"

namespace nettest {

namespace {

constexpr Duration kConnectPatience = std::chrono::seconds(30);
constexpr Duration kCleanupPatience = std::chrono::minutes(3);

std::string owner() {
  const auto* const user = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe)
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return (user != nullptr ? std::string(user->pw_name) : std::to_string(::geteuid())) + "@" +
         host.data();
}

std::string time_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

// Beside a progress bar: the line of the bar is cleared first.
void tell(const std::string& text) {
  const std::string line = (::isatty(STDERR_FILENO) != 0 ? "\r\x1b[K" : "") + text + "\n";
  std::fputs(line.c_str(), stderr);
}

}  // namespace

void KubernetesFactory::configure(EngineSettings settings) {
  settings_ = std::move(settings);
}

Result<std::shared_ptr<Cluster>> KubernetesFactory::connect() {
  if (cluster_ && connected_by_ == ::getpid()) {
    return cluster_;
  }
  if (cluster_) {
    // A parent's: its proxy is not our child, and its thread is not here to be joined.
    static_cast<void>(new std::shared_ptr<Cluster>(std::move(cluster_)));
  }
  const auto& chosen = settings_.cluster;
  auto cluster =
      Cluster::connect({chosen.kubectl, chosen.kubeconfig, chosen.context, chosen.current_context},
                       std::chrono::steady_clock::now() + kConnectPatience);
  if (cluster) {
    cluster_ = *cluster;
    connected_by_ = ::getpid();
  }
  return cluster;
}

Result<std::unique_ptr<Engine>> KubernetesFactory::make(int lane) {
  auto cluster = connect();
  if (!cluster) {
    return tl::unexpected(cluster.error());
  }
  const auto& chosen = settings_.cluster;
  KubernetesOptions options;
  if (!chosen.image.empty()) {
    options.pods.image = chosen.image;
  }
  options.pods.registry = chosen.registry;
  options.pods.pull_secret = chosen.pull_secret;
  options.exact_names = chosen.exact_names;
  options.wget_only = chosen.client == "wget";
  return KubernetesEngine::make(std::move(*cluster),
                                std::move(options),
                                {settings_.run_id, lane, owner(), time_text()},
                                tell);
}

Result<std::string> KubernetesFactory::cleanup() {
  auto cluster = connect();
  if (!cluster) {
    return tl::unexpected(cluster.error());
  }
  return clean_up(
      **cluster, settings_.run_id, tell, std::chrono::steady_clock::now() + kCleanupPatience);
}

}  // namespace nettest
