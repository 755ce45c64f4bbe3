// The whole local engine: agents, names, changes, shells, and nothing left behind.
#include <chrono>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/local/local_engine.hpp"
#include "harness/local/private_world.hpp"
#include "tests/local/packet_world.hpp"

namespace nettest {
namespace {

TimePoint soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(20);
}

std::size_t entries(const char* folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) {
    ++count;
  }
  return count;
}

/// Processes of this world: its /proc is its own.
std::size_t processes() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      ++count;
    }
  }
  return count;
}

class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    if (private_world() == nullptr) {
      GTEST_SKIP() << why_no_world();
    }
  }

  void deploy(const World& world) {
    const auto deployed = engine_.deploy(world, soon());
    ASSERT_TRUE(deployed) << to_string(deployed.error());
    addresses_ = *deployed;
  }

  void apply(std::vector<Change> changes) {
    const auto applied = engine_.apply(changes, soon());
    ASSERT_TRUE(applied) << to_string(applied.error());
    addresses_ = *applied;
  }

  static Probe to_pod(const std::string& from, const std::string& to, Port port = 80) {
    Probe probe;
    probe.from = pod_id(from);
    probe.to = pod_id(to);
    probe.port = port;
    return probe;
  }

  static Probe by_name(const std::string& from,
                       const std::string& service,
                       const std::string& host) {
    Probe probe;
    probe.from = pod_id(from);
    probe.to = ServiceId{pod_id(service).namespace_name, pod_id(service).name};
    probe.by = By::service_name;
    probe.host = host;
    probe.port = 80;
    return probe;
  }

  Attempt ask(const Probe& probe) {
    const std::vector<Question> questions = {{probe, std::chrono::seconds(1)}};
    const auto attempts = engine_.probe(questions);
    EXPECT_TRUE(attempts) << to_string(attempts.error());
    return attempts ? attempts->at(0) : Attempt{};
  }

  LocalEngine engine_;
  AddressBook addresses_;
};

World world_with_service() {
  World world = small_world();
  world.services.push_back(make_service("x/web", {{"pod", "b"}}, {{"", 80, Protocol::tcp, {}}}));
  return world;
}

TEST_F(EngineTest, AgentsAnswerWithTheirNamesOverBothFamiliesAndProtocols) {
  deploy(small_world());
  std::vector<Question> questions;
  for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
    for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
      for (const char* from : {"x/a", "x/b", "x/c", "y/a"}) {
        for (const char* to : {"x/a", "x/b", "x/c", "y/a"}) {
          Probe probe = to_pod(from, to);
          probe.family = family;
          probe.protocol = protocol;
          questions.push_back({probe, std::chrono::seconds(1)});
        }
      }
    }
  }
  const auto attempts = engine_.probe(questions);
  ASSERT_TRUE(attempts) << to_string(attempts.error());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    EXPECT_EQ(attempts->at(i).signal, Signal::connected)
        << to_string(questions[i].probe) << " " << attempts->at(i).detail;
    EXPECT_EQ(attempts->at(i).answered_by, to_string(std::get<PodId>(questions[i].probe.to)));
  }
}

TEST_F(EngineTest, ServiceNamesResolveWithSearchDomainsInBothFamilies) {
  deploy(world_with_service());
  for (const char* host : {"web.x", "web.x.svc", "web.x.svc.cluster.local"}) {
    for (const IpFamily family : {IpFamily::ipv4, IpFamily::ipv6}) {
      Probe probe = by_name("y/a", "x/web", host);
      probe.family = family;
      const Attempt attempt = ask(probe);
      EXPECT_EQ(attempt.signal, Signal::connected) << host << ": " << attempt.detail;
      EXPECT_EQ(attempt.answered_by, "x/b");
    }
  }
  EXPECT_EQ(ask(by_name("x/a", "x/web", "web")).signal, Signal::connected);
  EXPECT_EQ(ask(by_name("y/a", "x/web", "web")).signal, Signal::dns_failed)
      << "of another namespace";
  EXPECT_EQ(ask(by_name("y/a", "x/web", "example.com")).signal, Signal::dns_failed);
}

TEST_F(EngineTest, NamesFollowServicesAndHeadlessOnesNameTheirPods) {
  deploy(small_world());
  EXPECT_EQ(ask(by_name("x/a", "x/web", "web.x")).signal, Signal::dns_failed);
  Service service = make_service("x/web", {{"pod", "c"}}, {{"", 80, Protocol::tcp, {}}});
  service.headless = true;
  apply({change_of(CreateService{service})});
  EXPECT_EQ(ask(by_name("y/a", "x/web", "web.x")).answered_by, "x/c");
  apply({change_of(SetPodLabels{{"x", "b"}, {{"pod", "c"}}}),
         change_of(SetPodLabels{{"x", "c"}, {}})});
  EXPECT_EQ(ask(by_name("y/a", "x/web", "web.x")).answered_by, "x/b");
  apply({change_of(DeleteService{{"x", "web"}})});
  EXPECT_EQ(ask(by_name("x/a", "x/web", "web.x")).signal, Signal::dns_failed);
}

TEST_F(EngineTest, DnsIsSubjectToPolicy) {
  deploy(world_with_service());
  NetworkPolicy policy;
  policy.id = {"y", "no-dns"};
  policy.isolates_ingress = false;
  policy.isolates_egress = true;
  policy.egress.push_back({{}, {{Protocol::tcp, Port{80}, {}, {}}}, {}});
  apply({change_of(ApplyPolicy{policy})});
  EXPECT_EQ(ask(to_pod("y/a", "x/b")).signal, Signal::connected);
  EXPECT_EQ(ask(by_name("y/a", "x/web", "web.x")).signal, Signal::dns_failed);
  PolicyPeer dns;
  dns.namespace_selector = LabelSelector{{{"kubernetes.io/metadata.name", "kube-system"}}, {}};
  dns.pod_selector = LabelSelector{{{"k8s-app", "kube-dns"}}, {}};
  policy.egress.push_back({{dns}, {{Protocol::udp, Port{53}, {}, {}}}, {}});
  apply({change_of(ApplyPolicy{policy})});
  EXPECT_EQ(ask(by_name("y/a", "x/web", "web.x")).signal, Signal::connected);
}

TEST_F(EngineTest, PodsAndNamespacesComeAndGo) {
  deploy(small_world());
  Namespace ns;
  ns.name = "z";
  apply({change_of(CreateNamespace{ns}),
         change_of(CreatePod{make_pod("z/a", {}, {{"", 80, Protocol::tcp, Serve::http}})})});
  Probe probe = to_pod("z/a", "x/a");
  EXPECT_EQ(ask(probe).answered_by, "x/a");
  probe = to_pod("x/a", "z/a");
  probe.serve = Serve::http;
  EXPECT_EQ(ask(probe).answered_by, "z/a");
  apply({change_of(DeletePod{{"x", "a"}}),
         change_of(CreatePod{make_pod("x/a", {}, {{"", 80, Protocol::tcp, Serve::plain}})})});
  EXPECT_EQ(ask(to_pod("x/b", "x/a")).answered_by, "x/a");
  apply({change_of(DeleteNamespace{"z"})});
  EXPECT_EQ(ask(to_pod("z/a", "x/a")).signal, Signal::unusable);
}

TEST_F(EngineTest, BlockedIsTimedOutAndAnImpossibleChangeIsAnError) {
  deploy(small_world());
  NetworkPolicy deny;
  deny.id = {"x", "deny"};
  apply({change_of(ApplyPolicy{deny})});
  EXPECT_EQ(ask(to_pod("y/a", "x/a")).signal, Signal::timed_out);
  const std::vector<Change> bad = {change_of(DeletePod{{"x", "nobody"}})};
  const auto refused = engine_.apply(bad, soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(ask(to_pod("y/a", "y/a")).signal, Signal::connected);
}

TEST_F(EngineTest, BothWgetsTellOpenRefusedSilentAndNamelessApart) {
  World world = world_with_service();
  for (Pod& pod : world.pods) {
    pod.ports[0].serve = Serve::http;
  }
  for (const std::vector<std::string>& program :
       {std::vector<std::string>{"wget"}, {"busybox", "wget"}}) {
    LocalOptions options;
    options.wget = program;
    LocalEngine engine(options);
    ASSERT_TRUE(engine.capabilities().clients.contains(Client::wget)) << program.front();
    const auto deployed = engine.deploy(world, soon());
    ASSERT_TRUE(deployed) << to_string(deployed.error());
    NetworkPolicy deny;
    deny.id = {"x", "deny-a"};
    deny.pod_selector.match_labels = {{"pod", "a"}};
    const std::vector<Change> changes = {change_of(ApplyPolicy{deny})};
    ASSERT_TRUE(engine.apply(changes, soon()));
    std::vector<Probe> probes = {by_name("y/a", "x/web", "web.x"),
                                 to_pod("y/a", "x/b"),
                                 to_pod("y/a", "x/b", 99),
                                 to_pod("y/a", "x/a"),
                                 by_name("y/a", "x/web", "web.nowhere"),
                                 to_pod("y/a", "x/c")};
    probes[1].family = IpFamily::ipv6;
    std::vector<Question> questions;
    for (Probe& probe : probes) {
      probe.client = &probe == &probes.back() ? Client::agent : Client::wget;
      probe.serve = Serve::http;
      questions.push_back({probe, std::chrono::seconds(1)});
    }
    const auto attempts = engine.probe(questions);
    ASSERT_TRUE(attempts) << to_string(attempts.error());
    const std::vector<Signal> expected = {Signal::connected,
                                          Signal::connected,
                                          Signal::refused,
                                          Signal::timed_out,
                                          Signal::dns_failed,
                                          Signal::connected};
    for (std::size_t i = 0; i < probes.size(); ++i) {
      EXPECT_EQ(to_string(attempts->at(i).signal), to_string(expected[i]))
          << program.front() << ": " << to_string(probes[i]) << ": " << attempts->at(i).detail;
    }
    EXPECT_EQ(attempts->at(0).answered_by, "x/b");
    EXPECT_EQ(attempts->at(1).answered_by, "x/b");
  }
}

TEST_F(EngineTest, ACommandLineShowsAProbeByHand) {
  deploy(world_with_service());
  Probe probe = by_name("y/a", "x/web", "web.x");
  probe.client = Client::wget;
  EXPECT_EQ(engine_.by_hand(probe), "nettest shell y/a -- wget -T 1 -t 1 -qO- http://web.x/");
  EXPECT_THAT(engine_.by_hand(to_pod("y/a", "x/b", 81)), testing::HasSubstr("/dev/tcp/"));
}

TEST_F(EngineTest, FiftyDeploymentsLeakNothing) {
  deploy(small_world());
  EXPECT_TRUE(engine_.remove(soon()));
  const std::size_t descriptors = entries("/proc/self/fd");
  const std::size_t others = processes();
  for (int i = 0; i < 50; ++i) {
    deploy(small_world());
    EXPECT_TRUE(engine_.remove(soon()));
  }
  EXPECT_EQ(entries("/proc/self/fd"), descriptors);
  EXPECT_EQ(processes(), others);
  EXPECT_EQ(entries("/proc/self/task"), 1U);
}

}  // namespace
}  // namespace nettest
