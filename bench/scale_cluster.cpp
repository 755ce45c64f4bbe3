#include "bench/scale_cluster.hpp"

#include <algorithm>
#include <fstream>
#include <random>

#include <fmt/format.h>

namespace nettest::bench {

namespace {

constexpr std::uint32_t kPodsPerNamespace = 100;
constexpr std::uint32_t kAppsPerNamespace = 10;
constexpr std::uint32_t kPodsPerFile = 20'000;

std::uint32_t namespaces_of(const ScaleCluster& cluster) {
  return std::max(2U, cluster.pods / kPodsPerNamespace);
}

class Maker {
 public:
  Maker(const ScaleCluster& cluster, std::filesystem::path folder)
      : cluster_(cluster),
        folder_(std::move(folder)),
        random_(cluster.pods + cluster.policies),
        namespaces_(namespaces_of(cluster)) {}

  void write() {
    write_namespaces();
    write_pods();
    write_policies();
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }

  void write_namespaces() {
    std::ofstream file(folder_ / "namespaces.yaml");
    for (std::uint32_t i = 0; i < namespaces_; ++i) {
      file << fmt::format(
          "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: ns{}, labels: {{team: t{}}}}}\n",
          i,
          i % 7);
    }
  }

  void write_pods() {
    for (std::uint32_t first = 0; first < cluster_.pods; first += kPodsPerFile) {
      std::ofstream file(folder_ / fmt::format("pods{}.yaml", first / kPodsPerFile));
      for (std::uint32_t i = first; i < std::min(cluster_.pods, first + kPodsPerFile); ++i) {
        const std::uint32_t app = (i / namespaces_) % kAppsPerNamespace;
        const std::string own =
            cluster_.labels == LabelSets::different
                ? fmt::format("id: p{}, bits: b{}", i, below(64))
                : fmt::format("tier: {}, pod-template-hash: h{}", app < 3 ? "front" : "back", app);
        file << fmt::format(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{}, namespace: ns{}, "
            "labels: {{app: a{}, {}}}}}\nspec: {{containers: [{{name: main, ports: "
            "[{{name: http, containerPort: {}}}]}}]}}\nstatus: {{podIP: 10.{}.{}.{}}}\n",
            i,
            i % namespaces_,
            app,
            own,
            8080 + app % 2,
            i >> 16U,
            (i >> 8U) & 0xFFU,
            i & 0xFFU);
      }
    }
  }

  void write_policies() {
    std::ofstream file(folder_ / "policies.yaml");
    for (std::uint32_t i = 0; i < cluster_.policies; ++i) {
      file << fmt::format(
          "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
          "metadata: {{name: policy{}, namespace: ns{}}}\n",
          i,
          i % namespaces_);
      file << (cluster_.labels == LabelSets::different ? arbitrary_spec() : real_spec(i));
    }
  }

  /// A default deny per namespace first, then who may reach an app.
  std::string real_spec(std::uint32_t index) {
    if (index < namespaces_) {
      return "spec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n";
    }
    const std::uint32_t app = below(kAppsPerNamespace);
    return fmt::format(
        "spec:\n  podSelector: {{matchLabels: {{app: a{}}}}}\n  policyTypes: [Ingress, Egress]\n"
        "  ingress:\n"
        "    - from: [{{podSelector: {{matchLabels: {{app: a{}}}}}}}]\n      ports: [{{port: "
        "http}}]\n"
        "    - from: [{{namespaceSelector: {{matchLabels: {{team: t{}}}}}}}]\n"
        "      ports: [{{port: {}}}]\n"
        "  egress:\n    - to: [{{podSelector: {{}}}}, {{ipBlock: {{cidr: 10.{}.0.0/16}}}}]\n"
        "    - ports: [{{port: 53, protocol: UDP}}]\n",
        app,
        below(kAppsPerNamespace),
        below(7),
        8080 + below(4),
        below(4));
  }

  std::string some_pods(std::uint32_t count) {
    std::string list;
    for (std::uint32_t i = 0; i < count; ++i) {
      list += fmt::format("{}p{}", i == 0 ? "" : ", ", below(cluster_.pods));
    }
    return list;
  }

  /// Selects pods by what only they have.
  std::string arbitrary_spec() {
    const std::uint32_t first = 1000 + below(30000);
    return fmt::format(
        "spec:\n  podSelector: {{matchExpressions: [{{key: id, operator: NotIn, values: [{}]}}, "
        "{{key: bits, operator: NotIn, values: [b{}, b{}]}}]}}\n  policyTypes: [Ingress, Egress]\n"
        "  ingress:\n"
        "    - from: [{{namespaceSelector: {{}}, podSelector: {{matchExpressions: "
        "[{{key: id, operator: In, values: [{}]}}]}}}}]\n      ports: [{{port: {}, endPort: {}}}]\n"
        "    - from: [{{namespaceSelector: {{matchLabels: {{team: t{}}}}}, podSelector: "
        "{{matchExpressions: [{{key: bits, operator: In, values: [b{}, b{}, b{}]}}]}}}}]\n"
        "  egress:\n    - to: [{{namespaceSelector: {{}}, podSelector: {{matchExpressions: "
        "[{{key: id, operator: NotIn, values: [{}]}}]}}}}]\n      ports: [{{port: {}}}]\n",
        some_pods(10),
        below(64),
        below(64),
        some_pods(20),
        first,
        first + below(1000),
        below(7),
        below(64),
        below(64),
        below(64),
        some_pods(10),
        8080 + below(2));
  }

  ScaleCluster cluster_;
  std::filesystem::path folder_;
  std::mt19937 random_;
  std::uint32_t namespaces_;
};

}  // namespace

std::string to_string(const ScaleCluster& cluster) {
  return fmt::format("{} pods, {} policies, {}",
                     cluster.pods,
                     cluster.policies,
                     cluster.labels == LabelSets::real ? "real" : "different");
}

void write_manifests(const ScaleCluster& cluster, const std::filesystem::path& folder) {
  Maker(cluster, folder).write();
}

}  // namespace nettest::bench
