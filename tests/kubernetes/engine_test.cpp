// The kubernetes engine against a cluster in memory, with real agents and a real wget behind a
// scripted `kubectl exec`.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/agents/embedded_agent.hpp"
#include "harness/interrupt.hpp"
#include "harness/kubernetes/cleanup.hpp"
#include "harness/kubernetes/kubernetes_engine.hpp"
#include "tests/kubernetes/fake_kube.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TimePoint in(Duration time) {
  return std::chrono::steady_clock::now() + time;
}

/// A port that nobody listens on; all pods of these tests share this machine's network.
Port free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(::bind(probe, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(probe);
  return ntohs(address.sin_port);
}

Pod pod(const std::string& space, const std::string& name, Port port) {
  Pod value;
  value.id = {space, name};
  value.labels = {{"app", name}};
  value.ports = {{"", port, Protocol::tcp, Serve::http}};
  return value;
}

class KubernetesEngineTest : public testing::Test {
 protected:
  KubernetesEngineTest() {
    world_.namespaces = {{"default", {{"kubernetes.io/metadata.name", "default"}}, false, {}},
                         {"notes", {{"name", "notes"}}, false, {}}};
    world_.pods = {pod("default", "web", free_port()), pod("notes", "tester", free_port())};
    Service service;
    service.id = {"default", "web"};
    service.selector.match_labels = {{"app", "web"}};
    service.ports = {{"", 80, Protocol::tcp, {}}};
    world_.services = {service};
  }

  std::shared_ptr<Cluster> cluster() {
    if (!cluster_) {
      ClusterChoice choice{scripted_kubectl(kube_.api().folder()), "", "test"};
      auto connected = Cluster::connect(choice, in(seconds(20)));
      EXPECT_TRUE(connected) << to_string(connected.error());
      cluster_ = *connected;
    }
    return cluster_;
  }
  std::unique_ptr<Engine> engine(KubernetesOptions options = {}) {
    auto made = KubernetesEngine::make(cluster(),
                                       std::move(options),
                                       {"r1", 1, "me@here", "2026-01-01T00:00:00Z"},
                                       [this](const std::string& text) { told_.push_back(text); });
    EXPECT_TRUE(made) << to_string(made.error());
    return std::move(*made);
  }
  std::string deploy_trouble(Duration patience = seconds(20)) {
    auto made = engine();
    const auto deployed = made->deploy(world_, in(patience));
    EXPECT_TRUE(made->remove(in(seconds(20))));
    return deployed ? "deployed" : to_string(deployed.error());
  }
  void file(const std::string& name, const std::string& text = "") {
    std::ofstream(kube_.api().folder() + "/" + name) << text;
  }
  /// From notes/tester to default/web.
  Probe probe(Client client = Client::agent) const {
    Probe value;
    value.from = {"notes", "tester"};
    value.to = PodId{"default", "web"};
    value.port = world_.pods[0].ports[0].port;
    value.serve = Serve::http;
    value.client = client;
    return value;
  }
  static Attempt ask(Engine& engine, const Probe& probe) {
    const std::vector<Question> questions = {{probe, seconds(1)}};
    auto attempts = engine.probe(questions);
    EXPECT_TRUE(attempts);
    return attempts ? attempts->front() : Attempt();
  }
  std::vector<std::string> namespaces() const {
    std::vector<std::string> names;
    for (const auto& [path, object] : kube_.objects) {
      if (path.rfind("/api/v1/namespaces/", 0) == 0 && path.find('/', 19) == std::string::npos) {
        names.push_back(path.substr(19));
      }
    }
    return names;
  }

  FakeKube kube_;
  World world_;
  std::vector<std::string> told_;
  std::shared_ptr<Cluster> cluster_;
};

TEST_F(KubernetesEngineTest, DeploysProbesAndRemoves) {
  auto made = engine();
  EXPECT_EQ(made->capabilities().versions.at("kubernetes"), "v1.34.4");
  const auto addresses = made->deploy(world_, in(seconds(30)));
  ASSERT_TRUE(addresses) << to_string(addresses.error());
  EXPECT_EQ(to_string(addresses->pods.at({"default", "web"}).front()), "127.0.0.1");
  EXPECT_EQ(addresses->node_of.at({"default", "web"}), "n1");
  EXPECT_EQ(addresses->node_of.at({"notes", "tester"}), "n2");
  EXPECT_THAT(namespaces(),
              ElementsAre("kube-system", "nettest-r1-1-default", "nettest-r1-1-notes"));

  const auto attempt = ask(*made, probe());
  EXPECT_EQ(attempt.signal, Signal::connected) << attempt.detail;
  EXPECT_EQ(attempt.answered_by, "default/web");
  auto closed = probe();
  closed.port = free_port();
  EXPECT_EQ(ask(*made, closed).signal, Signal::refused);

  EXPECT_TRUE(made->remove(in(seconds(20))));
  EXPECT_THAT(namespaces(), ElementsAre("kube-system"));
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

TEST_F(KubernetesEngineTest, NodesGetTheAgentOfTheirArchitecture) {
  const auto run_on = [this](const std::string& architecture) {
    kube_.objects.at("/api/v1/nodes/node-a")["status"]["nodeInfo"]["architecture"] = architecture;
    return deploy_trouble(seconds(5));
  };
  EXPECT_THAT(run_on("s390x"),
              HasSubstr("pod default/web runs on a node of architecture s390x, and this nettest "
                        "brings the agent for amd64"));
  const auto agent = agent_binary("arm64");
  if (agent.empty()) {
    GTEST_SKIP() << "this build has no agent for arm64";
  }
  // Whether it runs here or not, that is what comes into the pod.
  run_on("arm64");
  std::ifstream file(kube_.api().folder() + "/pods/nettest-r1-1-default.web/nettest-agent",
                     std::ios::binary);
  const std::string pushed{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(pushed == std::string(reinterpret_cast<const char*>(agent.data()), agent.size()));
}

TEST_F(KubernetesEngineTest, AsksWithWgetAlone) {
  KubernetesOptions options;
  options.wget_only = true;
  auto server = engine();
  ASSERT_TRUE(server->deploy(world_, in(seconds(30))));
  auto attempt = ask(*server, probe(Client::wget));
  EXPECT_EQ(attempt.signal, Signal::connected) << attempt.detail;
  EXPECT_EQ(attempt.answered_by, "default/web");
  auto closed = probe(Client::wget);
  closed.port = free_port();
  // Nobody serves that port: the refusal says nothing about the path.
  attempt = ask(*server, closed);
  EXPECT_EQ(attempt.signal, Signal::unusable);
  EXPECT_EQ(attempt.detail,
            "refused, but the server does not even answer itself: Connection refused");
  EXPECT_TRUE(server->remove(in(seconds(20))));
  EXPECT_THAT(engine(options)->capabilities().clients, ElementsAre(Client::wget));
}

// A pod that is starved: wget's time-out was 0.1 s, and its words come after 1.2 s.
TEST_F(KubernetesEngineTest, AWgetThatOverranItsTimeOutSaysNothing) {
  const auto program = [this](const std::string& name, const std::string& text) {
    std::filesystem::create_directories(kube_.api().folder() + "/bin");
    file("bin/" + name, "#!/bin/sh\n" + text);
    std::filesystem::permissions(kube_.api().folder() + "/bin/" + name,
                                 std::filesystem::perms::owner_all);
  };
  const auto ask_wget_that = [&](const std::string& does, const std::string& is = "GNU Wget 1.21") {
    program("wget",
            "[ \"$1\" = --version ] && echo '" + is + "' && exit\n" + does +
                "\necho 'failed: Connection timed out.' >&2; exit 4\n");
    auto made = engine();
    EXPECT_TRUE(made->deploy(world_, in(seconds(30))));
    const std::vector<Question> questions = {{probe(Client::wget), milliseconds(100)}};
    auto attempts = made->probe(questions);
    EXPECT_TRUE(made->remove(in(seconds(20))));
    return attempts ? attempts->front() : Attempt();
  };
  EXPECT_EQ(ask_wget_that("").signal, Signal::timed_out);
  const auto starved = ask_wget_that("sleep 1.2");
  EXPECT_EQ(starved.signal, Signal::unusable);
  EXPECT_THAT(starved.detail, HasSubstr("the pod was too busy for wget to keep its time: "));
  // timeout(1) was to end BusyBox' after one second, all in all.
  program("timeout", "shift; \"$@\"; exit 143\n");
  EXPECT_EQ(ask_wget_that("", "BusyBox v1.35").signal, Signal::timed_out);
  EXPECT_EQ(ask_wget_that("sleep 1.8", "BusyBox v1.35").signal, Signal::unusable);
}

TEST_F(KubernetesEngineTest, ChangesAreOneCallEach) {
  auto made = engine();
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  const auto calls = [this] { return kube_.api().log().size(); };
  NetworkPolicy policy;
  policy.id = {"default", "deny"};
  policy.pod_selector.match_labels = {{"app", "web"}};
  auto before = calls();
  ASSERT_TRUE(made->apply(std::vector<Change>{{ApplyPolicy{policy}, {}}}, in(seconds(20))));
  EXPECT_EQ(calls() - before, 1U);
  const auto path =
      "/apis/networking.k8s.io/v1/namespaces/nettest-r1-1-default/networkpolicies/deny";
  EXPECT_EQ(kube_.objects.at(path)["spec"],
            nlohmann::json::parse(R"({"podSelector": {"matchLabels": {"app": "web"}},
                                      "policyTypes": ["Ingress"], "ingress": [], "egress": []})"));
  before = calls();
  const std::vector<Change> labels = {{SetPodLabels{{"default", "web"}, {{"tier", "x"}}}, {}},
                                      {SetNamespaceLabels{"notes", {{"team", "y"}}}, {}},
                                      {DeletePolicy{policy.id}, {}}};
  ASSERT_TRUE(made->apply(labels, in(seconds(20))));
  EXPECT_EQ(calls() - before, 3U);
  EXPECT_EQ(kube_.objects.count(path), 0U);
  EXPECT_EQ(
      kube_.objects.at("/api/v1/namespaces/nettest-r1-1-default/pods/web")["metadata"]["labels"],
      nlohmann::json::parse(R"({"tier": "x", "nettest.dev/run": "r1", "nettest.dev/lane": "1"})"));
  EXPECT_EQ(
      kube_.objects.at("/api/v1/namespaces/nettest-r1-1-notes")["metadata"]["labels"],
      nlohmann::json::parse(R"({"team": "y", "nettest.dev/run": "r1", "nettest.dev/lane": "1"})"));
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

TEST_F(KubernetesEngineTest, PodsComeAndGo) {
  auto made = engine();
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  const auto extra = pod("notes", "extra", free_port());
  auto addresses = made->apply(std::vector<Change>{{CreatePod{extra}, {}}}, in(seconds(20)));
  ASSERT_TRUE(addresses) << to_string(addresses.error());
  EXPECT_EQ(addresses->pods.count(extra.id), 1U);
  auto question = probe();
  question.to = extra.id;
  question.port = extra.ports[0].port;
  EXPECT_EQ(ask(*made, question).answered_by, "notes/extra");
  addresses = made->apply(std::vector<Change>{{DeletePod{extra.id}, {}}}, in(seconds(20)));
  ASSERT_TRUE(addresses);
  EXPECT_EQ(addresses->pods.count(extra.id), 0U);
  addresses = made->apply(std::vector<Change>{{DeleteNamespace{"notes"}, {}}}, in(seconds(20)));
  ASSERT_TRUE(addresses);
  EXPECT_EQ(addresses->pods.size(), 1U);
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

TEST_F(KubernetesEngineTest, APolicyThatIsRefusedIsToldInTheServersWords) {
  auto made = engine();
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  kube_.before = [](const ScriptedRequest& request) -> std::optional<ScriptedReply> {
    if (request.path.find("networkpolicies") == std::string::npos) {
      return std::nullopt;
    }
    return ScriptedReply{422, status_body(422, "Invalid", "NetworkPolicy \"deny\" is invalid")};
  };
  NetworkPolicy policy;
  policy.id = {"default", "deny"};
  const auto applied = made->apply(std::vector<Change>{{ApplyPolicy{policy}, {}}}, in(seconds(20)));
  ASSERT_FALSE(applied);
  EXPECT_EQ(to_string(applied.error()),
            "apply NetworkPolicy nettest-r1-1-default/deny: NetworkPolicy \"deny\" is invalid (422 "
            "Unprocessable Entity)");
  kube_.before = [](const ScriptedRequest&) { return std::nullopt; };
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

TEST_F(KubernetesEngineTest, PodsThatDoNotGetReadyAreToldWithTheirReasons) {
  kube_.pod_status = nlohmann::json::parse(R"({"phase": "Pending", "conditions": [
      {"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
       "message": "0/2 nodes are available"}]})");
  EXPECT_THAT(deploy_trouble(milliseconds(1500)),
              HasSubstr("2 of 2 pods are not ready in time: default/web (Unschedulable: 0/2 nodes "
                        "are available), notes/tester"));
  EXPECT_THAT(told_, Contains(HasSubstr("waiting for 2 pods: default/web (Unschedulable")));
  kube_.pod_status = nlohmann::json::parse(R"({"phase": "Pending", "containerStatuses": [
      {"state": {"waiting": {"reason": "InvalidImageName", "message": "couldn't parse image"}}}]})");
  EXPECT_THAT(deploy_trouble(), HasSubstr(": InvalidImageName: couldn't parse image"));
}

TEST_F(KubernetesEngineTest, NodesThatForbidLowPortsAreToldWithWhatToDo) {
  kube_.pod_status = nlohmann::json::parse(
      R"({"phase": "Failed", "reason": "SysctlForbidden", "message": "forbidden sysctl"})");
  EXPECT_THAT(
      deploy_trouble(),
      HasSubstr(": SysctlForbidden: forbidden sysctl. nettest's pods ask for the safe sysctl "
                "net.ipv4.ip_unprivileged_port_start where they serve ports below 1024: "
                "allow it on the nodes, or give the pods of the suite ports from 1024 on"));
}

TEST_F(KubernetesEngineTest, AddressesThatTheSuiteGivesAreIgnoredAloud) {
  world_.pods[0].ips = {*IpAddress::parse("10.0.1.4")};
  auto made = engine();
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  EXPECT_THAT(made->capabilities().warnings,
              Contains("`ips:` of default/web are ignored: the cluster gives its own addresses. "
                       "Policies can name them as $(ip NAMESPACE/POD)"));
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

TEST_F(KubernetesEngineTest, ForeignNamespacesAreRefusedAndLeftAlone) {
  KubernetesOptions options;
  options.exact_names = true;
  kube_.put("/api/v1/namespaces/notes", {{"metadata", {{"name", "notes"}}}});
  auto made = engine(options);
  const auto deployed = made->deploy(world_, in(seconds(20)));
  ASSERT_FALSE(deployed);
  EXPECT_THAT(deployed.error().message, HasSubstr("namespace notes exists already"));
  EXPECT_TRUE(made->remove(in(seconds(20))));
  EXPECT_THAT(namespaces(), ElementsAre("kube-system", "notes"));
}

TEST_F(KubernetesEngineTest, ANamespaceThatDoesNotGoIsNamed) {
  auto made = engine();
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  kube_.namespaces_stick = true;
  const auto removed = made->remove(in(milliseconds(500)));
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().message, HasSubstr("nettest-r1-1-notes is still being deleted"));
  kube_.namespaces_stick = false;
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

TEST_F(KubernetesEngineTest, AnInterruptEndsADeploymentAndNotTheRemoval) {
  kube_.pod_status = {{"phase", "Pending"}};
  auto made = engine();
  raise_interrupt();
  const auto deployed = made->deploy(world_, in(seconds(30)));
  ASSERT_FALSE(deployed);
  EXPECT_EQ(deployed.error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(made->remove(in(seconds(20))));
  clear_interrupt();
  EXPECT_THAT(namespaces(), ElementsAre("kube-system"));
}

TEST_F(KubernetesEngineTest, CleanupRemovesWhatIsLabelledAndNothingElse) {
  kube_.put("/api/v1/namespaces/notes", {{"metadata", {{"name", "notes"}}}});
  auto made = engine();
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  const auto tell = [this](const std::string& text) { told_.push_back(text); };
  auto said = clean_up(*cluster(), "another", tell, in(seconds(20)));
  ASSERT_TRUE(said);
  EXPECT_EQ(*said, "Nothing to clean up on context test.");
  said = clean_up(*cluster(), "", tell, in(seconds(20)));
  ASSERT_TRUE(said);
  EXPECT_EQ(*said, "Removed 2 namespaces from context test.");
  EXPECT_THAT(told_,
              Contains("removing namespace nettest-r1-1-default (run r1 of me@here, begun "
                       "2026-01-01T00:00:00Z)"));
  EXPECT_THAT(namespaces(), ElementsAre("kube-system", "notes"));
}

struct ExecTrouble {
  const char* file;
  const char* text;
  const char* said;
  /// For deploying. Where that is what ends it: no longer than a busy machine needs to get so far.
  Duration patience = seconds(20);
};

class ExecTroubleTest : public KubernetesEngineTest,
                        public testing::WithParamInterface<ExecTrouble> {};

TEST_P(ExecTroubleTest, KeepsTheWorldFromStarting) {
  file(GetParam().file, GetParam().text);
  EXPECT_THAT(deploy_trouble(GetParam().patience), HasSubstr(GetParam().said));
}

// Whatever becomes of the exec while it is asked: nothing is ever "blocked" by it.
TEST_P(ExecTroubleTest, IsNeverABlockedProbe) {
  KubernetesOptions options;
  options.exec_patience = milliseconds(100);
  options.agent_patience = {milliseconds(100), milliseconds(100)};
  auto made = engine(options);
  ASSERT_TRUE(made->deploy(world_, in(seconds(30))));
  file(GetParam().file, GetParam().text);
  for (const auto& entry : std::filesystem::directory_iterator(kube_.api().folder() + "/pods")) {
    std::ifstream number(entry.path() / "pid");
    int pid = 0;
    ASSERT_TRUE(number >> pid);
    ::kill(pid, SIGKILL);
  }
  const std::vector<Question> questions = {{probe(Client::agent), milliseconds(300)},
                                           {probe(Client::wget), milliseconds(300)}};
  for (int round = 0; round < 2; ++round) {
    const auto attempts = made->probe(questions);
    ASSERT_TRUE(attempts);
    ASSERT_EQ(attempts->size(), 2U);
    for (const auto& attempt : *attempts) {
      EXPECT_NE(observed(attempt.signal), Observed::blocked) << attempt.detail;
    }
  }
  EXPECT_EQ(ask(*made, probe()).signal, Signal::unusable);
  EXPECT_TRUE(made->remove(in(seconds(20))));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ExecTroubleTest,
    testing::Values(
        ExecTrouble{"exec.fails", "error: unable to upgrade connection: Forbidden\n", "Forbidden"},
        ExecTrouble{"exec.hangs", "", "did not end in time", seconds(10)},
        ExecTrouble{"exec.silent", "", "did not serve its ports in time", seconds(10)},
        ExecTrouble{"exec.cuts", "", "agent of default/web: ended: exit code 0"},
        ExecTrouble{"exec.old", "", "speaks protocol version 0 instead of 1"}),
    [](const auto& row) { return std::string(row.param.file).substr(5); });

}  // namespace
}  // namespace nettest
