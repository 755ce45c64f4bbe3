// ipBlock against the addresses of pods that are dialled directly; both
// families.
#include "tests/truth/truth_world.hpp"

namespace nettest::truth {
namespace {

std::string header() {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: "
         "x}\nspec: ";
}

/// Lets x/b out to these peers only.
std::string out_of_x_b(const std::string& peers) {
  return header() +
         "{podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress], egress: [{to: " + peers +
         "}]}\n";
}

std::string into_x_a(const std::string& peers) {
  return header() + "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: " + peers + "}]}\n";
}

Matrix row_of_x_b(const std::string& row, IpFamily family = IpFamily::ipv4) {
  return {"80/TCP", {".....", row, ".....", ".....", "....."}, family};
}

Matrix column_of_x_a(const std::string& column, IpFamily family = IpFamily::ipv4) {
  Matrix matrix{"80/TCP", {}, family};
  for (const char symbol : column) {
    matrix.rows.push_back(std::string(1, symbol) + "....");
  }
  return matrix;
}

const std::vector<Truth>& truths() {
  constexpr auto kV6 = IpFamily::ipv6;
  static const std::vector<Truth> kTruths = {
      {"EgressBlock",
       "ipBlock: this selects particular IP CIDR ranges to allow as … egress destinations.",
       out_of_x_b("[{ipBlock: {cidr: 10.0.2.0/24}}]"),
       {row_of_x_b("X...X")}},
      {"IngressBlock",
       "ipBlock: this selects particular IP CIDR ranges to allow as ingress sources.",
       into_x_a("[{ipBlock: {cidr: 10.0.2.0/24}}]"),
       {column_of_x_a(".X..X")}},
      {"SingleAddress",
       "cidr is a string representing the IPBlock.",
       out_of_x_b("[{ipBlock: {cidr: 10.0.2.1/32}}]"),
       {row_of_x_b("X..XX")}},
      {"EverythingOfAFamilyIsNothingOfTheOther",
       "Valid examples are \"192.168.1.0/24\" or \"2001:db8::/64\": a block has one family.",
       out_of_x_b("[{ipBlock: {cidr: 0.0.0.0/0}}]"),
       {row_of_x_b("....."), row_of_x_b("X.XXX", kV6)}},
      {"Ipv6Block",
       "Valid examples are \"192.168.1.0/24\" or \"2001:db8::/64\".",
       out_of_x_b("[{ipBlock: {cidr: \"fd00::2:0/112\"}}]"),
       {row_of_x_b("X...X", kV6), row_of_x_b("X.XXX")}},
      {"Ipv6IngressBlock",
       "ipBlock: … IP CIDR ranges to allow as ingress sources.",
       into_x_a("[{ipBlock: {cidr: \"fd00::1:0/112\"}}]"),
       {column_of_x_a("..XXX", kV6), column_of_x_a(".XXXX")}},
      {"Except",
       "except is a slice of CIDRs that should not be included within an IPBlock.",
       out_of_x_b("[{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.2.0/24]}}]"),
       {row_of_x_b("..XX.")}},
      {"SeveralExceptions",
       "except is a slice of CIDRs that should not be included within an IPBlock.",
       out_of_x_b("[{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.2.2/32, 10.0.3.0/24]}}]"),
       {row_of_x_b("...XX")}},
      {"Ipv6Except",
       "Valid examples (of except) are \"192.168.1.0/24\" or \"2001:db8::/64\".",
       out_of_x_b("[{ipBlock: {cidr: \"fd00::/64\", except: [\"fd00::2:2/128\"]}}]"),
       {row_of_x_b("...X.", kV6), row_of_x_b("X.XXX")}},
      {"ExceptionOfOnePeerIsNoDenialOfAnother",
       "Items in this list are combined using a logical OR operation.",
       out_of_x_b("[{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.2.0/24]}}, "
                  "{ipBlock: {cidr: 10.0.2.2/32}}]"),
       {row_of_x_b("..X..")}},
      {"BlockOrSelector",
       "Items in this list are combined using a logical OR operation.",
       out_of_x_b("[{ipBlock: {cidr: 10.0.3.1/32}}, {podSelector: {}}]"),
       {row_of_x_b("..XX."), row_of_x_b("..XXX", kV6)}},
      {"HostBitsAreIgnored",
       "CIDR with host bits set is taken as the network it lies in (the API server warns).",
       out_of_x_b("[{ipBlock: {cidr: 10.0.2.77/24}}]"),
       {row_of_x_b("X...X")}},
      {"PlaceholderOfAPod",
       "cidr is a string representing the IPBlock ($(ip y/b) is 10.0.2.2).",
       out_of_x_b("[{ipBlock: {cidr: $(ip y/b)/32}}]"),
       {row_of_x_b("X.X.X")}},
      {"SelectorsKnowNoFamily",
       "podSelector … selects pods (with all their addresses).",
       out_of_x_b("[{namespaceSelector: {matchLabels: {ns: \"y\"}}}]"),
       {row_of_x_b("X...X"), row_of_x_b("X...X", kV6)}},
      {"BlockWithPorts",
       "This rule matches traffic that matches both ports and to.",
       header() + "{podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress], egress: [{to: "
                  "[{ipBlock: {cidr: 10.0.2.0/24}}], ports: [{port: 81}]}]}\n",
       {row_of_x_b("X.XXX"), {"81/TCP", {".....", "X...X", ".....", ".....", "....."}}}},
  };
  return kTruths;
}

INSTANTIATE_TEST_SUITE_P(Blocks, TruthTest, testing::ValuesIn(truths()), name_of<Truth>);

}  // namespace
}  // namespace nettest::truth
