// Probes through services and by name.
// https://kubernetes.io/docs/concepts/services-networking/service/
#include "tests/truth/truth_world.hpp"

namespace nettest::truth {
namespace {

/// The small world with DNS, and services: x/a (80 → web by name), y/all (80 →
/// 8080 by number, both pods of y), y/web (80 → "web", both pods of y), y/none
/// (nobody), y/bodies (headless, both pods of y).
ClusterState world_with_services(const std::string& manifests) {
  ClusterState state = state_with(manifests);
  state.world = with_cluster_dns(state.world);
  const auto service = [&](const char* ns, const char* name, const Labels& labels, auto target) {
    Service made;
    made.id = {ns, name};
    made.selector.match_labels = labels;
    made.ports = {{"", 80, Protocol::tcp, target}};
    state.world.services.push_back(made);
  };
  for (auto& pod : state.world.pods) {
    if (pod.id.namespace_name == "y") {
      pod.labels["tier"] = "y";
    }
  }
  service("x", "a", {{"pod", "a"}}, std::string("web"));
  service("y", "all", {{"tier", "y"}}, Port{8080});
  service("y", "web", {{"tier", "y"}}, std::string("web"));
  service("y", "none", {{"tier", "nobody"}}, Port{80});
  service("y", "bodies", {{"tier", "y"}}, std::monostate{});
  state.world.services.back().headless = true;
  return state;
}

AddressBook service_addresses() {
  AddressBook book = small_addresses();
  book.pods[{"kube-system", "kube-dns"}] = {*IpAddress::parse("10.0.9.9")};
  const std::vector<std::pair<ServiceId, const char*>> addresses = {
      {{"kube-system", "kube-dns"}, "10.96.0.10"},
      {{"x", "a"}, "10.96.0.1"},
      {{"y", "all"}, "10.96.0.2"},
      {{"y", "web"}, "10.96.0.3"},
      {{"y", "none"}, "10.96.0.4"}};
  for (const auto& [id, text] : addresses) {
    book.services[id] = {*IpAddress::parse(text)};
  }
  return book;
}

struct ServiceTruth {
  std::string name;
  std::string sentence;
  std::string manifests;
  PodId from;
  ServiceId to;
  By by = By::service_ip;
  Verdict verdict = Verdict::allowed;
  Reason reason = Reason::open;
};

void PrintTo(const ServiceTruth& truth, std::ostream* out) {
  *out << truth.name;
}

std::string policy(const std::string& ns, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, "
         "namespace: \"" +
         ns + "\"}\nspec: " + spec + "\n";
}

std::string out_of_x_b(const std::string& rule) {
  return policy(
      "x", "{podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress], egress: [" + rule + "]}");
}

const PodId kXa = {"x", "a"};
const PodId kXb = {"x", "b"};
const ServiceId kServiceA = {"x", "a"};
const ServiceId kAll = {"y", "all"};
const ServiceId kWeb = {"y", "web"};
const ServiceId kNone = {"y", "none"};
const ServiceId kBodies = {"y", "bodies"};
const char* const kDnsRule =
    "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
    "podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}]}";

const std::vector<ServiceTruth>& truths() {
  constexpr auto kAllowed = Verdict::allowed;
  constexpr auto kBlocked = Verdict::blocked;
  constexpr auto kEither = Verdict::either;
  constexpr auto kIp = By::service_ip;
  constexpr auto kByName = By::service_name;
  const std::string dns = kDnsRule;
  static const std::vector<ServiceTruth> kTruths = {
      {"Open", "By default, a pod is non-isolated.", "", kXb, kAll, kIp, kAllowed, Reason::open},
      {"ByName",
       "Pods find services by their DNS names.",
       "",
       kXb,
       kAll,
       kByName,
       kAllowed,
       Reason::open},
      {"NoEndpoint",
       "A service that selects no pod has nowhere to send traffic.",
       "",
       kXb,
       kNone,
       kIp,
       kBlocked,
       Reason::no_endpoint},
      {"TargetPortIsWhatThePolicySees",
       "targetPort: number … of the port to access on the pods targeted by the service.",
       out_of_x_b("{ports: [{port: 8080}]}"),
       kXb,
       kAll,
       kIp,
       kAllowed,
       Reason::rule},
      {"ServicePortIsNotWhatThePolicySees",
       "targetPort: number … of the port to access on the pods targeted by the service.",
       out_of_x_b("{ports: [{port: 80}]}"),
       kXb,
       kAll,
       kIp,
       kBlocked,
       Reason::no_rule},
      {"NamedTargetDiffersPerPod",
       "If this is a string, it will be looked up as a named port in the target Pod's container "
       "ports (80 in y/a, 8080 in y/b).",
       out_of_x_b("{ports: [{port: 8080}]}"),
       kXb,
       kWeb,
       kIp,
       kEither,
       Reason::undefined},
      {"NamedTargetAllPorts",
       "Each item in this list (ports) is combined using a logical OR.",
       out_of_x_b("{ports: [{port: 80}, {port: 8080}]}"),
       kXb,
       kWeb,
       kIp,
       kAllowed,
       Reason::rule},
      {"NamedTargetPolicyByName",
       "a numerical or named port on a pod.",
       out_of_x_b("{ports: [{port: web}]}"),
       kXb,
       kWeb,
       kIp,
       kAllowed,
       Reason::rule},
      {"BackendsDiffer",
       "the ingress policy on the destination pod needs to allow it.",
       policy("y", "{podSelector: {matchLabels: {pod: a}}, ingress: []}"),
       kXb,
       kAll,
       kIp,
       kEither,
       Reason::undefined},
      {"AllBackendsBlocked",
       "the ingress policy on the destination pod needs to allow it.",
       policy("y", "{podSelector: {}, ingress: []}"),
       kXb,
       kAll,
       kIp,
       kBlocked,
       Reason::no_rule},
      {"AskerMustBeAdmittedByBackend",
       "selects the pods matching podSelector in the namespaces.",
       policy("y",
              "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
              "{ns: x}}}]}]}"),
       kXb,
       kAll,
       kIp,
       kAllowed,
       Reason::rule},
      {"OwnServiceIsHairpin",
       "Whether a pod reaches itself through its service is left to the "
       "network plugin's hairpin mode.",
       "",
       kXa,
       kServiceA,
       kIp,
       kEither,
       Reason::undefined},
      {"DnsBlocked",
       "If either side does not allow the connection, it will not happen (to the DNS pods).",
       out_of_x_b("{to: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}]}"),
       kXb,
       kAll,
       kByName,
       kBlocked,
       Reason::dns},
      {"DnsBlockedIsNoMatterByAddress",
       "no name is asked for.",
       out_of_x_b("{to: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}]}"),
       kXb,
       kAll,
       kIp,
       kAllowed,
       Reason::rule},
      {"DnsRestored",
       "policies are additive",
       out_of_x_b("{to: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}]}, " + dns),
       kXb,
       kAll,
       kByName,
       kAllowed,
       Reason::rule},
      {"DnsOnlyIsNotEnough",
       "both … need to allow the connection.",
       out_of_x_b(dns),
       kXb,
       kAll,
       kByName,
       kBlocked,
       Reason::no_rule},
      {"DnsOverTcpOnlyIsNotEnough",
       "only traffic on the specified protocol AND port.",
       out_of_x_b("{ports: [{port: 53, protocol: TCP}, {port: 8080}]}"),
       kXb,
       kAll,
       kByName,
       kBlocked,
       Reason::dns},
      {"DnsPodsMayBeIsolatedThemselves",
       "both the egress policy on the source pod and the ingress policy on the destination pod.",
       policy("kube-system", "{podSelector: {}, ingress: []}"),
       kXb,
       kAll,
       kByName,
       kBlocked,
       Reason::dns},
      {"HeadlessTranslatesNothing",
       "For headless Services, a cluster IP is not allocated, kube-proxy does not handle these "
       "Services.",
       out_of_x_b("{ports: [{port: 80}, {port: 53, protocol: UDP}]}"),
       kXb,
       kBodies,
       kByName,
       kAllowed,
       Reason::rule},
      {"BlockOfTheBackendOnly",
       "it is not defined whether this (rewriting the destination IP) happens before or after "
       "NetworkPolicy processing.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.0.2.0/24}}]}"),
       kXb,
       kAll,
       kIp,
       kEither,
       Reason::undefined},
      {"BlockOfTheServiceOnly",
       "it is not defined whether this happens before or after.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}"),
       kXb,
       kAll,
       kIp,
       kEither,
       Reason::undefined},
      {"BlockOfBoth",
       "it is not defined …, and here it does not matter.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}"),
       kXb,
       kAll,
       kIp,
       kAllowed,
       Reason::rule},
      {"BlockOfNeither",
       "it is not defined …, and here it does not matter.",
       out_of_x_b("{to: [{ipBlock: {cidr: 192.168.0.0/16}}]}"),
       kXb,
       kAll,
       kIp,
       kBlocked,
       Reason::no_rule},
      {"BlockDoesNotDecideWhereASelectorAdmits",
       "combined using a logical OR operation.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.96.0.0/16}}, {namespaceSelector: {}}]}"),
       kXb,
       kAll,
       kIp,
       kAllowed,
       Reason::rule},
      {"BlockOfBothButPortOfOne",
       "it is not defined whether this happens before or after: 80 becomes 8080.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 8080}]}"),
       kXb,
       kAll,
       kIp,
       kEither,
       Reason::undefined},
      {"BlockedBehindAnywayIsBlocked",
       "If either side does not allow it, it will not happen.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}") +
           policy("y", "{podSelector: {}, ingress: []}"),
       kXb,
       kAll,
       kIp,
       kBlocked,
       Reason::no_rule},
      {"DnsByBlockIsUndefined",
       "it is not defined whether this happens before or after.",
       out_of_x_b("{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}, "
                  "{to: [{namespaceSelector: {matchLabels: {ns: \"y\"}}}]}"),
       kXb,
       kAll,
       kByName,
       kEither,
       Reason::undefined},
  };
  return kTruths;
}

class ServiceTruthTest : public testing::TestWithParam<ServiceTruth> {};

TEST_P(ServiceTruthTest, IsWhatTheSimulatorSays) {
  const auto& truth = GetParam();
  const ClusterState state = world_with_services(truth.manifests);
  const Simulator simulator(state, service_addresses());
  Probe probe;
  probe.from = truth.from;
  probe.to = truth.to;
  probe.by = truth.by;
  probe.port = 80;
  probe.host = truth.by == By::service_name ? truth.to.name + "." + truth.to.namespace_name : "";
  const Prediction prediction = simulator.predict(probe);
  EXPECT_EQ(to_string(prediction.verdict), to_string(truth.verdict)) << truth.sentence << "\n"
                                                                     << explain(prediction);
  EXPECT_EQ(to_string(prediction.reason), to_string(truth.reason)) << explain(prediction);
  EXPECT_EQ(simulator.verdict(probe), prediction.verdict);
  EXPECT_FALSE(explain(prediction).empty());
}

INSTANTIATE_TEST_SUITE_P(Services,
                         ServiceTruthTest,
                         testing::ValuesIn(truths()),
                         name_of<ServiceTruth>);

}  // namespace
}  // namespace nettest::truth
