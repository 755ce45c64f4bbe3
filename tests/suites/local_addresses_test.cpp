#include "suites/local_addresses.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace nettest {
namespace {

Pod pod(const std::string& name, const std::string& node = "") {
  Pod made;
  made.id = {"x", name};
  made.node = node;
  return made;
}

std::string addresses(const AddressBook& book, const std::string& name) {
  const auto found = book.pods.find({"x", name});
  if (found == book.pods.end()) {
    return "none";
  }
  std::string text = book.node_of.at({"x", name});
  for (const auto& address : found->second) {
    text += " " + to_string(address);
  }
  return text;
}

TEST(LocalAddresses, SpreadPodsOverTwoNodesInTurn) {
  World world;
  world.pods = {pod("a"), pod("b"), pod("c", "n2"), pod("d")};
  const auto book = assign_local_addresses(with_cluster_dns(world));
  EXPECT_EQ(addresses(book, "a"), "n1 10.244.1.2 fd00:10:244:1::2");
  EXPECT_EQ(addresses(book, "b"), "n2 10.244.2.2 fd00:10:244:2::2");
  EXPECT_EQ(addresses(book, "c"), "n2 10.244.2.3 fd00:10:244:2::3");
  EXPECT_EQ(addresses(book, "d"), "n1 10.244.1.3 fd00:10:244:1::3");
  EXPECT_EQ(book.node_of.at({"kube-system", "kube-dns"}), "n1");
  EXPECT_EQ(to_string(book.pods.at({"kube-system", "kube-dns"})[0]), "10.244.1.4");
  EXPECT_EQ(to_string(book.services.at({"kube-system", "kube-dns"})[0]), "10.96.0.10");
  EXPECT_EQ(to_string(book.nodes.at("n2")[0]), "172.18.0.2");
}

TEST(LocalAddresses, OfServicesFollowTheirFamilies) {
  World world;
  Service both;
  both.id = {"x", "both"};
  both.families = {IpFamily::ipv6, IpFamily::ipv4};
  Service headless;
  headless.id = {"x", "headless"};
  headless.headless = true;
  Service plain;
  plain.id = {"x", "plain"};
  world.services = {both, headless, plain};
  const auto book = assign_local_addresses(world);
  EXPECT_EQ(to_string(book.services.at(both.id).at(0)), "fd00:10:96::b");
  EXPECT_EQ(to_string(book.services.at(both.id).at(1)), "10.96.0.11");
  EXPECT_TRUE(book.services.at(headless.id).empty());
  EXPECT_EQ(to_string(book.services.at(plain.id).at(0)), "10.96.0.12");
}

TEST(LocalAddresses, StayWithWhatHadThemAndPassToTheNextPodOfTheNode) {
  World world;
  world.pods = {pod("a", "n1"), pod("b", "n1"), pod("c", "n1")};
  auto book = assign_local_addresses(world);
  EXPECT_EQ(addresses(book, "c"), "n1 10.244.1.4 fd00:10:244:1::4");
  world.pods = {pod("b", "n1"), pod("c", "n1")};
  book = assign_local_addresses(world, book);
  EXPECT_EQ(addresses(book, "a"), "none");
  world.pods = {pod("b", "n1"), pod("c", "n1"), pod("d", "n2"), pod("e", "n1"), pod("f", "n1")};
  book = assign_local_addresses(world, book);
  EXPECT_EQ(addresses(book, "b"), "n1 10.244.1.3 fd00:10:244:1::3");
  EXPECT_EQ(addresses(book, "d"), "n2 10.244.2.2 fd00:10:244:2::2") << "another node";
  EXPECT_EQ(addresses(book, "e"), "n1 10.244.1.2 fd00:10:244:1::2") << "that of a";
  EXPECT_EQ(addresses(book, "f"), "n1 10.244.1.5 fd00:10:244:1::5") << "nobody's";
}

TEST(LocalAddresses, AreThoseOfTheBeginningWhenAWorldComesBackInAnotherOrder) {
  World world;
  world.pods = {pod("a"), pod("b"), pod("c"), pod("d")};
  const auto first = assign_local_addresses(world);
  EXPECT_EQ(addresses(first, "b"), "n2 10.244.2.2 fd00:10:244:2::2");
  world.pods = {pod("a"), pod("d"), pod("e")};
  auto book = assign_local_addresses(world, first);
  EXPECT_EQ(addresses(book, "e"), "n1 10.244.1.3 fd00:10:244:1::3") << "that of c";
  world.pods = {pod("a"), pod("d"), pod("b"), pod("c")};
  book = assign_local_addresses(world, book);
  EXPECT_EQ(book.pods, first.pods);
  EXPECT_EQ(book.node_of, first.node_of);
}

TEST(LocalAddresses, SpillIntoFurtherSubnetsWithoutMeeting) {
  World world;
  for (int i = 0; i < 65'000; ++i) {
    world.pods.push_back(pod("p" + std::to_string(100'000 + i)));
  }
  const auto book = assign_local_addresses(world);
  EXPECT_EQ(addresses(book, "p100504"), "n1 10.244.1.254 fd00:10:244:1::fe");
  EXPECT_EQ(addresses(book, "p100506"), "n1 10.244.3.2 fd00:10:244:3::2");
  EXPECT_EQ(addresses(book, "p100507"), "n2 10.244.4.2 fd00:10:244:4::2");
  // Past 10.244.255.0/24 too.
  EXPECT_EQ(addresses(book, "p164999"), "n2 10.245.2.117 fd00:10:244:102::75");
  std::vector<IpAddress> all;
  for (const auto& [id, addresses] : book.pods) {
    all.insert(all.end(), addresses.begin(), addresses.end());
  }
  EXPECT_EQ(all.size(), 2 * world.pods.size());
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  EXPECT_TRUE(twice == all.end()) << to_string(*twice);
}

}  // namespace
}  // namespace nettest
