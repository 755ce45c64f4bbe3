// The words that say why a connection was not admitted: of all rules, the one that its author most
// likely meant.
#include <gtest/gtest.h>

#include "probes/simulator/simulator.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {
namespace {

struct Row {
  std::string name;
  std::string ingress;
  std::string said;
};

/// default/web is isolated; default/tester {run: tester}, notes/tester {app: tester} in a namespace
/// without labels ask it on 80/TCP.
ClusterState state_with(const std::string& ingress) {
  ClusterState state;
  for (const char* name : {"default", "notes"}) {
    state.world.namespaces.push_back({name, {{"kubernetes.io/metadata.name", name}}, false, {}});
  }
  Pod web;
  web.id = {"default", "web"};
  web.ports = {{"http", 80, Protocol::tcp, {}}};
  Pod tester;
  tester.id = {"notes", "tester"};
  tester.labels = {{"app", "tester"}};
  state.world.pods = {web, tester};
  const auto policies = read_policies_text(
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
      "default}\nspec: {podSelector: {}, ingress: " +
          ingress + "}\n",
      "p.yaml");
  EXPECT_TRUE(policies);
  state.policies = policies ? *policies : std::vector<NetworkPolicy>{};
  return state;
}

class NearMiss : public testing::TestWithParam<Row> {};

TEST_P(NearMiss, IsTheRuleThatWasMeant) {
  AddressBook addresses;
  addresses.pods[{"default", "web"}] = {*IpAddress::parse("10.0.0.1")};
  addresses.pods[{"notes", "tester"}] = {*IpAddress::parse("10.0.1.1")};
  const Simulator simulator(state_with(GetParam().ingress), addresses);
  Probe probe;
  probe.from = {"notes", "tester"};
  probe.to = PodId{"default", "web"};
  probe.port = 80;
  const Prediction prediction = simulator.predict(probe);
  ASSERT_EQ(prediction.verdict, Verdict::blocked);
  ASSERT_TRUE(prediction.because.ingress);
  EXPECT_EQ(prediction.because.ingress->nearest_miss, GetParam().said);
}

std::string row_name(const testing::TestParamInfo<Row>& row) {
  return row.param.name;
}

constexpr const char* kTester = "podSelector: {matchLabels: {app: tester}}";
constexpr const char* kNotes = "namespaceSelector: {matchLabels: {name: notes}}";

INSTANTIATE_TEST_SUITE_P(
    Words,
    NearMiss,
    testing::Values(
        Row{"NoRule", "[]", "default/p has no ingress rule"},
        Row{"PodSelectorAlone",
            std::string("[{from: [{") + kTester + "}]}]",
            "it is not in namespace default, and a podSelector alone selects there only (rule 1 of "
            "default/p)"},
        Row{"TheLabelThatTheNamespaceLacks",
            std::string("[{from: [{") + kTester + "}, {" + kTester + ", " + kNotes + "}]}]",
            "its namespace lacks label name=notes (rule 1 of default/p)"},
        Row{"TheLabelThatThePodLacks",
            "[{from: [{ipBlock: {cidr: 10.9.0.0/16}}]}, {from: [{namespaceSelector: {}, "
            "podSelector: "
            "{matchLabels: {role: client}}}]}]",
            "it lacks label role=client (rule 2 of default/p)"},
        Row{"TheBlockWhereThereIsNothingElse",
            "[{from: [{ipBlock: {cidr: 10.9.0.0/16}}]}]",
            "its address 10.0.1.1 is outside 10.9.0.0/16 (rule 1 of default/p)"},
        Row{"TheException",
            "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.1.0/24]}}]}]",
            "its address 10.0.1.1 is in the exception 10.0.1.0/24 (rule 1 of default/p)"},
        Row{"ThePort",
            "[{from: [{namespaceSelector: {}}], ports: [{port: 443}]}]",
            "only 443/TCP is admitted, not 80/TCP (rule 1 of default/p)"},
        Row{"EverythingThatIsWrongWithTheNearestRule",
            std::string("[{from: [{") + kNotes + "}], ports: [{protocol: UDP}]}]",
            "its namespace lacks label name=notes and only UDP is admitted, not 80/TCP (rule 1 of "
            "default/p)"}),
    row_name);

}  // namespace
}  // namespace nettest
