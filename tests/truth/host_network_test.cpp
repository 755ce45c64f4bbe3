// hostNetwork pods: undefined, but limited to two possibilities.
// https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
#include "tests/truth/truth_world.hpp"

namespace nettest::truth {
namespace {

enum class Nodes { same, different, unknown };

struct HostTruth {
  std::string name;
  std::string sentence;
  std::string manifests;
  PodId from;
  PodId to;
  Nodes nodes = Nodes::different;
  Verdict verdict = Verdict::allowed;
};

void PrintTo(const HostTruth& truth, std::ostream* out) {
  *out << truth.name;
}

std::string policy(const std::string& ns, const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
         "\"" +
         ns + "\"}\nspec: " + spec + "\n";
}

const PodId kHost = {"z", "n"};
const PodId kPod = {"x", "a"};

const std::vector<HostTruth>& truths() {
  const std::string deny_host = policy("z", "{podSelector: {}, ingress: []}");
  const std::string deny_pod = policy("x", "{podSelector: {}, ingress: []}");
  static const std::vector<HostTruth> kTruths = {
      {"NoPolicy",
       "By default, a pod is non-isolated.",
       "",
       kPod,
       kHost,
       Nodes::unknown,
       Verdict::allowed},
      {"PolicyThatSelectsIt",
       "The network plugin can distinguish hostNetwork pod traffic … or cannot, and so it ignores "
       "hostNetwork pods when matching podSelector and namespaceSelector.",
       deny_host,
       kPod,
       kHost,
       Nodes::different,
       Verdict::either},
      {"FromTheOwnNodeOfAnIsolatedPod",
       "traffic to and from the node where a Pod is running is always allowed.",
       deny_pod,
       kHost,
       kPod,
       Nodes::same,
       Verdict::either},
      {"FromAnotherNodeOfAnIsolatedPod",
       "Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the "
       "node IP: nothing admits it either way.",
       deny_pod,
       kHost,
       kPod,
       Nodes::different,
       Verdict::blocked},
      {"FromAnUnknownNode",
       "traffic to and from the node where a Pod is running is always allowed.",
       deny_pod,
       kHost,
       kPod,
       Nodes::unknown,
       Verdict::either},
      {"AdmittedBySelector",
       "ignores hostNetwork pods when matching podSelector.",
       policy("x", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"),
       kHost,
       kPod,
       Nodes::different,
       Verdict::either},
      {"AdmittedByBlock",
       "treated the same as all other traffic to/from the node IP.",
       policy("x", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.3.1/32}}]}]}"),
       kHost,
       kPod,
       Nodes::different,
       Verdict::allowed},
      {"AdmittedWithEverybody",
       "this rule matches all sources.",
       policy("x", "{podSelector: {}, ingress: [{}]}"),
       kHost,
       kPod,
       Nodes::different,
       Verdict::allowed},
      {"EgressToIt",
       "ignores hostNetwork pods when matching podSelector.",
       policy("x",
              "{podSelector: {}, policyTypes: [Egress], "
              "egress: [{to: [{namespaceSelector: {}}]}]}"),
       kPod,
       kHost,
       Nodes::different,
       Verdict::either},
      {"ItselfAlways",
       "a pod cannot block access to itself.",
       deny_host,
       kHost,
       kHost,
       Nodes::different,
       Verdict::allowed},
  };
  return kTruths;
}

class HostTruthTest : public testing::TestWithParam<HostTruth> {};

TEST_P(HostTruthTest, IsWhatTheSimulatorSays) {
  const auto& truth = GetParam();
  ClusterState state = state_with(truth.manifests);
  state.world.pods.back().host_network = true;
  AddressBook book = small_addresses();
  if (truth.nodes != Nodes::unknown) {
    book.node_of[kPod] = "n1";
    book.node_of[kHost] = truth.nodes == Nodes::same ? "n1" : "n2";
  }
  const Simulator simulator(state, book);
  Probe probe;
  probe.from = truth.from;
  probe.to = truth.to;
  probe.port = 80;
  const Prediction prediction = simulator.predict(probe);
  EXPECT_EQ(to_string(prediction.verdict), to_string(truth.verdict)) << truth.sentence << "\n"
                                                                     << explain(prediction);
  EXPECT_FALSE(explain(prediction).empty());
}

INSTANTIATE_TEST_SUITE_P(HostNetwork,
                         HostTruthTest,
                         testing::ValuesIn(truths()),
                         name_of<HostTruth>);

}  // namespace
}  // namespace nettest::truth
