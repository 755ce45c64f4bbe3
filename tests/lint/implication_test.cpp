// What is said to follow does follow: against all label sets, and against addresses at the bounds.
#include "probes/lint/implication.hpp"

#include <random>

#include <gtest/gtest.h>

#include "probes/connectivity/external_ranges.hpp"
#include "probes/lint/address_ranges.hpp"
#include "probes/simulator/selectors.hpp"

namespace nettest {
namespace {

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }

  LabelSelector selector() {
    LabelSelector made;
    for (std::uint32_t i = below(3); i > 0; --i) {
      const std::string key = below(2) == 0 ? "a" : "b";
      const std::string value(1, static_cast<char>('x' + below(3)));
      const std::string other(1, static_cast<char>('x' + below(3)));
      switch (below(5)) {
        case 0:
          made.match_labels[key] = value;
          break;
        case 1:
          made.match_expressions.push_back({key, SelectorOperator::in, {value, other}});
          break;
        case 2:
          made.match_expressions.push_back({key, SelectorOperator::not_in, {value, other}});
          break;
        case 3:
          made.match_expressions.push_back({key, SelectorOperator::exists, {}});
          break;
        default:
          made.match_expressions.push_back({key, SelectorOperator::does_not_exist, {}});
      }
    }
    return made;
  }

  IpBlock block() {
    const auto cidr = [&](int least) {
      const int length = least + static_cast<int>(below(static_cast<std::uint32_t>(33 - least)));
      const Cidr made(IpAddress::from_ipv4(0x0A000000U + below(16)), length);
      return WrittenCidr{to_string(made), made, {}};
    };
    IpBlock made;
    made.cidr = cidr(27);
    for (std::uint32_t i = below(3); i > 0; --i) {
      const WrittenCidr except = cidr(28);
      if (made.cidr.cidr->contains(*except.cidr)) {
        made.except.push_back(except);
      }
    }
    return made;
  }

 private:
  std::mt19937 random_;
};

/// Every set of labels over two keys and four values, one of which no selector names.
std::vector<Labels> all_labels() {
  std::vector<Labels> all;
  for (const char* a : {"", "x", "y", "z", "other"}) {
    for (const char* b : {"", "x", "y", "z", "other"}) {
      Labels labels;
      if (*a != '\0') {
        labels["a"] = a;
      }
      if (*b != '\0') {
        labels["b"] = b;
      }
      all.push_back(labels);
    }
  }
  return all;
}

TEST(Implication, OfSelectorsHoldsForEveryLabelSet) {
  Maker maker(1);
  const auto universe = all_labels();
  int implied = 0;
  for (int round = 0; round < 20000; ++round) {
    const LabelSelector narrow = maker.selector();
    const LabelSelector wide = maker.selector();
    if (!implies(narrow, wide)) {
      continue;
    }
    ++implied;
    for (const Labels& labels : universe) {
      ASSERT_LE(selects(narrow, labels), selects(wide, labels))
          << to_string(narrow) << " => " << to_string(wide);
    }
  }
  EXPECT_GT(implied, 1000);
}

TEST(Implication, OfBlocksHoldsForEveryAddress) {
  Maker maker(2);
  int implied = 0;
  for (int round = 0; round < 5000; ++round) {
    const IpBlock narrow = maker.block();
    const std::vector<IpBlock> wide = {maker.block(), maker.block(), maker.block()};
    const bool said = contains(ranges_of(std::vector<const IpBlock*>{&wide[0], &wide[1], &wide[2]}),
                               ranges_of(narrow));
    bool is = true;
    for (std::uint32_t i = 0; i < 64; ++i) {
      const IpAddress address = IpAddress::from_ipv4(0x0A000000U + i);
      is = is && (!selects(narrow, address) || selects(wide[0], address) ||
                  selects(wide[1], address) || selects(wide[2], address));
    }
    ASSERT_EQ(said, is) << round;
    implied += is ? 1 : 0;
  }
  EXPECT_GT(implied, 100);
}

PolicyRule rule_on(const std::vector<PolicyPort>& ports) {
  PolicyRule rule;
  rule.ports = ports;
  return rule;
}

TEST(Implication, OfPortsKnowsRangesNamesAndProtocols) {
  const PolicyPort http{Protocol::tcp, std::string("http"), std::nullopt, {}};
  const PolicyPort web{Protocol::tcp, Port{80}, std::nullopt, {}};
  const PolicyPort low{Protocol::tcp, Port{1}, Port{1023}, {}};
  const PolicyPort tcp{Protocol::tcp, std::monostate{}, std::nullopt, {}};
  const PolicyPort udp{Protocol::udp, std::monostate{}, std::nullopt, {}};
  EXPECT_TRUE(implies(rule_on({web}), rule_on({low}), "x"));
  EXPECT_FALSE(implies(rule_on({low}), rule_on({web}), "x"));
  EXPECT_TRUE(implies(rule_on({http, web}), rule_on({tcp}), "x"));
  EXPECT_TRUE(implies(rule_on({http}), rule_on({web, http}), "x"));
  EXPECT_FALSE(implies(rule_on({http}), rule_on({low}), "x"));
  EXPECT_FALSE(implies(rule_on({web}), rule_on({udp}), "x"));
  EXPECT_TRUE(implies(rule_on({udp}), rule_on({}), "x"));
  EXPECT_FALSE(implies(rule_on({}), rule_on({tcp, udp}), "x"));
}

TEST(Implication, OfPeersKnowsTheOwnNamespace) {
  const auto peers = [](const std::optional<LabelSelector>& namespaces) {
    PolicyRule rule;
    rule.peers.push_back({LabelSelector{}, namespaces, std::nullopt, {}});
    return rule;
  };
  const LabelSelector by_name{{{"kubernetes.io/metadata.name", "x"}}, {}};
  const LabelSelector by_team{{{"team", "a"}}, {}};
  EXPECT_TRUE(implies(peers(std::nullopt), peers(LabelSelector{}), "x"));
  EXPECT_TRUE(implies(peers(std::nullopt), peers(by_name), "x"));
  EXPECT_FALSE(implies(peers(std::nullopt), peers(by_name), "y"));
  EXPECT_FALSE(implies(peers(std::nullopt), peers(by_team), "x"));
  EXPECT_FALSE(implies(peers(by_name), peers(std::nullopt), "x"));
  EXPECT_TRUE(implies(peers(by_team), peers(LabelSelector{}), "x"));
}

}  // namespace
}  // namespace nettest
