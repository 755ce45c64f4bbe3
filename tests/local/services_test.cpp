// ClusterIP services on real packets: translation, spreading, hairpin, and what nobody serves.
#include <set>

#include <gtest/gtest.h>

#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

class ServicesTest : public PacketWorld {
 protected:
  std::string ask(const std::string& from, Port port, IpFamily family = IpFamily::ipv4) {
    return send(from, {service_address("x/web", family), port, Protocol::tcp});
  }
  std::string service_address(const std::string& id, IpFamily family) {
    const auto parts = pod_id(id);
    return to_string(
        *address_of(fabric_->addresses().services.at({parts.namespace_name, parts.name}), family));
  }
  void build_with(const Service& service) {
    World world = small_world();
    world.services.push_back(service);
    build(world);
  }
};

TEST_F(ServicesTest, TranslatesToTheTargetPortInBothFamilies) {
  build_with(make_service("x/web", {{"pod", "b"}}, {{"", 8000, Protocol::tcp, Port{80}}}));
  for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
    for (const char* from : {"x/a", "x/c", "y/a"}) {
      EXPECT_EQ(ask(from, 8000, family), "connected") << from;
      EXPECT_EQ(who_was_asked(), "x/b");
    }
    EXPECT_EQ(ask("x/a", 80, family), "refused") << "not a port of the service";
  }
}

TEST_F(ServicesTest, TranslatesUdp) {
  build_with(make_service("x/web", {{"pod", "b"}}, {{"", 5353, Protocol::udp, Port{80}}}));
  for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
    EXPECT_EQ(send("x/a", {service_address("x/web", family), 5353, Protocol::udp}), "connected");
    EXPECT_EQ(who_was_asked(), "x/b");
    EXPECT_EQ(send("x/a", {service_address("x/web", family), 80, Protocol::udp}), "refused");
  }
}

TEST_F(ServicesTest, ANamedTargetPortIsLookedUpInEachPodAndPodsWithoutItAreLeftOut) {
  World world = small_world();
  for (Pod& pod : world.pods) {
    pod.labels["app"] = "all";
  }
  world.pods[0].ports[0].name = "";
  world.pods[1].ports[0].name = "";
  world.pods[1].ports[1].name = "web";
  world.services.push_back(
      make_service("x/web", {{"app", "all"}}, {{"", 80, Protocol::tcp, std::string("web")}}));
  build(world);
  std::set<std::string> asked;
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(ask("y/a", 80), "connected");
    asked.insert(who_was_asked());
  }
  EXPECT_EQ(asked, (std::set<std::string>{"x/b", "x/c"}));
}

TEST_F(ServicesTest, APodReachesItselfThroughItsService) {
  build_with(make_service("x/web", {{"pod", "a"}}, {{"", 80, Protocol::tcp, {}}}));
  EXPECT_EQ(ask("x/a", 80), "connected");
  EXPECT_EQ(who_was_asked(), "x/a");
  EXPECT_EQ(ask("x/a", 80, IpFamily::ipv6), "connected");
}

TEST_F(ServicesTest, AServiceWithoutEndpointsRefuses) {
  build_with(make_service("x/web", {{"pod", "nobody"}}, {{"", 80, Protocol::tcp, {}}}));
  EXPECT_EQ(ask("x/a", 80), "refused");
  EXPECT_EQ(ask("x/a", 80, IpFamily::ipv6), "refused");
}

TEST_F(ServicesTest, EndpointsFollowPodsLabelsAndTheServiceItself) {
  build_with(make_service("x/web", {{"app", "web"}}, {{"", 80, Protocol::tcp, {}}}));
  EXPECT_EQ(ask("x/a", 80), "refused");
  apply({change_of(SetPodLabels{{"x", "b"}, {{"app", "web"}}})});
  EXPECT_EQ(ask("x/a", 80), "connected");
  EXPECT_EQ(who_was_asked(), "x/b");
  apply({change_of(
             CreatePod{make_pod("x/d", {{"app", "web"}}, {{"", 80, Protocol::tcp, Serve::plain}})}),
         change_of(DeletePod{{"x", "b"}})});
  EXPECT_EQ(ask("x/a", 80), "connected");
  EXPECT_EQ(who_was_asked(), "x/d");
  const std::string old = service_address("x/web", IpFamily::ipv4);
  apply({change_of(DeleteService{{"x", "web"}})});
  EXPECT_THAT(send("x/a", {old, 80}), testing::StartsWith("unreachable"));
}

TEST_F(ServicesTest, PolicyIsAskedAboutThePodBehindTheService) {
  build_with(make_service("x/web", {{"pod", "b"}}, {{"", 8000, Protocol::tcp, Port{80}}}));
  NetworkPolicy policy;
  policy.id = {"x", "only-80"};
  policy.pod_selector.match_labels = {{"pod", "b"}};
  policy.ingress.push_back({{}, {{Protocol::tcp, Port{80}, {}, {}}}, {}});
  police({policy});
  EXPECT_EQ(ask("x/a", 8000), "connected");
  policy.ingress[0].ports[0].port = Port{8000};
  police({policy});
  EXPECT_EQ(ask("x/a", 8000), "silence");
}

}  // namespace
}  // namespace nettest
