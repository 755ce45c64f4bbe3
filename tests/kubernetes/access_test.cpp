// The way to a cluster: the API client, kubectl and its proxy, against a scripted API server.
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/interrupt.hpp"
#include "harness/kubernetes/api_client.hpp"
#include "harness/kubernetes/cluster.hpp"
#include "harness/kubernetes/permissions.hpp"
#include "tests/kubernetes/scripted_api.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using Wire = ScriptedReply::Wire;

TimePoint in(Duration time) {
  return std::chrono::steady_clock::now() + time;
}

/// Says the first reply first, the last one for ever.
ScriptedApi::Script one_after_the_other(std::vector<ScriptedReply> replies) {
  return [replies = std::move(replies), next = std::size_t{0}](const ScriptedRequest&) mutable {
    const auto index = std::min(next, replies.size() - 1);
    ++next;
    return replies[index];
  };
}

const ScriptedReply kFine{200, R"({"fine": true})"};

struct Trouble {
  const char* name;
  ScriptedReply reply;
  /// Asked again, it goes away.
  bool passes;
  const char* said;
};

class TroubleTest : public testing::TestWithParam<Trouble> {};

TEST_P(TroubleTest, IsAskedAgainWhereThatHelps) {
  const auto& trouble = GetParam();
  ScriptedApi api(one_after_the_other({trouble.reply, kFine}));
  ApiClient client(api.socket());
  const auto answer = client.get("/x", in(seconds(10)));
  EXPECT_EQ(answer.has_value(), trouble.passes);
  EXPECT_THAT(api.log(), SizeIs(trouble.passes ? 2 : 1));
  if (!answer) {
    EXPECT_EQ(to_string(answer.error().to_error("get x")), trouble.said);
  }
}

TEST_P(TroubleTest, IsToldWhenItStays) {
  const auto& trouble = GetParam();
  ScriptedApi api([&trouble](const ScriptedRequest&) { return trouble.reply; });
  ApiClient client(api.socket(), OnInterrupt::stop, milliseconds(1));
  const auto answer = client.get("/x", in(milliseconds(300)));
  ASSERT_FALSE(answer);
  EXPECT_EQ(to_string(answer.error().to_error("get x")), trouble.said);
}

std::string unprocessable() {
  return status_body(422, "Invalid", "NetworkPolicy \"x\" is invalid: spec.ingress[0]: bad");
}

INSTANTIATE_TEST_SUITE_P(
    All,
    TroubleTest,
    testing::Values(
        Trouble{"unauthorized",
                {401, status_body(401, "Unauthorized", "Unauthorized")},
                false,
                "get x: the API server does not accept the credentials of the kubeconfig (401 "
                "Unauthorized): they may have expired; log in again"},
        Trouble{"forbidden",
                {403, status_body(403, "Forbidden", "pods is forbidden: User \"u\" cannot list")},
                false,
                "get x: pods is forbidden: User \"u\" cannot list (403 Forbidden)"},
        Trouble{"not_found",
                {404, status_body(404, "NotFound", "pods \"x\" not found")},
                false,
                "get x: pods \"x\" not found (404 Not Found)"},
        Trouble{"exists",
                {409, status_body(409, "AlreadyExists", "namespaces \"x\" already exists")},
                false,
                "get x: namespaces \"x\" already exists (409 Conflict)"},
        Trouble{"conflict",
                {409, status_body(409, "Conflict", "the object has been modified")},
                true,
                "get x: the object has been modified (409 Conflict)"},
        Trouble{"invalid",
                {422, unprocessable()},
                false,
                "get x: NetworkPolicy \"x\" is invalid: spec.ingress[0]: bad (422 Unprocessable "
                "Entity)"},
        Trouble{"busy",
                {429, status_body(429, "TooManyRequests", "slow down"), "Retry-After: 0\r\n"},
                true,
                "get x: slow down (429 Too Many Requests)"},
        Trouble{"internal",
                {500, status_body(500, "InternalError", "etcd has no leader")},
                true,
                "get x: etcd has no leader (500)"},
        Trouble{"proxy_without_server",
                {500, "dial tcp 10.0.0.1:6443: connect: connection refused\n"},
                true,
                "get x: the API server cannot be reached: dial tcp 10.0.0.1:6443: connect: "
                "connection refused"},
        Trouble{"closed",
                {200, "", "", Wire::closed},
                true,
                "get x: the API server cannot be reached: no whole answer came"},
        Trouble{"half",
                {200, R"({"fine": true, "more": "text"})", "", Wire::half},
                true,
                "get x: the API server cannot be reached: no whole answer came"},
        Trouble{"no_json",
                {200, R"({"fine": )"},
                true,
                "get x: the API server cannot be reached: half an answer came"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ApiClientTest, WaitsAsLongAsItIsTold) {
  ScriptedApi api(one_after_the_other(
      {{429, status_body(429, "TooManyRequests", "slow down"), "Retry-After: 1\r\n"}, kFine}));
  ApiClient client(api.socket());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(client.get("/x", in(seconds(10))));
  EXPECT_GE(std::chrono::steady_clock::now() - start, seconds(1));
}

TEST(ApiClientTest, ASilentServerEndsAtTheDeadline) {
  ScriptedApi api([](const ScriptedRequest&) { return ScriptedReply{200, "", "", Wire::silent}; });
  ApiClient client(api.socket());
  const auto answer = client.get("/x", in(milliseconds(200)));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("no"));
}

TEST(ApiClientTest, AnInterruptEndsARequestAtOnceUnlessItCleansUp) {
  ScriptedApi api([](const ScriptedRequest& request) {
    return request.path == "/hang" ? ScriptedReply{200, "", "", Wire::silent} : kFine;
  });
  ApiClient client(api.socket());
  ApiClient cleaner(api.socket(), OnInterrupt::ignore);
  std::thread interrupter([&api] {
    while (api.log().empty()) {
      std::this_thread::yield();
    }
    raise_interrupt();
  });
  const auto start = std::chrono::steady_clock::now();
  const auto answer = client.get("/hang", in(seconds(10)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(5));
  interrupter.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().to_error("get").kind, ErrorKind::interrupted);
  EXPECT_TRUE(cleaner.get("/x", in(seconds(10))));
  clear_interrupt();
}

TEST(ApiClientTest, DeletingWhatIsGoneIsFine) {
  ScriptedApi api([](const ScriptedRequest&) {
    return ScriptedReply{404, status_body(404, "NotFound", "gone")};
  });
  ApiClient client(api.socket());
  EXPECT_TRUE(client.remove("/x", in(seconds(10))));
}

TEST(ApiClientTest, ReadsAllPages) {
  ScriptedApi api([](const ScriptedRequest& request) {
    const auto more = request.query.find("continue");
    EXPECT_EQ(request.query.at("labelSelector"), "a=b");
    if (more == request.query.end()) {
      return ScriptedReply{200,
                           R"({"metadata": {"continue": "p 2"}, "items": [{"n": 1}, {"n": 2}]})"};
    }
    EXPECT_EQ(more->second, "p 2");
    return ScriptedReply{200, R"({"metadata": {"resourceVersion": "7"}, "items": [{"n": 3}]})"};
  });
  ApiClient client(api.socket());
  const auto list = client.list("/x", "a=b", in(seconds(10)));
  ASSERT_TRUE(list);
  EXPECT_THAT(list->items, SizeIs(3));
  EXPECT_EQ(list->resource_version, "7");
}

TEST(ApiClientTest, PagesThatBecameTooOldAreReadAnew) {
  int calls = 0;
  ScriptedApi api([&calls](const ScriptedRequest& request) {
    const bool second = request.query.count("continue") != 0;
    if (second && ++calls == 1) {
      return ScriptedReply{410, status_body(410, "Expired", "too old")};
    }
    return second ? ScriptedReply{200, R"({"metadata": {}, "items": [{"n": 2}]})"}
                  : ScriptedReply{200, R"({"metadata": {"continue": "x"}, "items": [{"n": 1}]})"};
  });
  ApiClient client(api.socket());
  const auto list = client.list("/x", "", in(seconds(10)));
  ASSERT_TRUE(list);
  EXPECT_THAT(list->items, SizeIs(2));
}

std::string object(const std::string& name, const std::string& version) {
  return R"({"metadata": {"name": ")" + name + R"(", "uid": ")" + name +
         R"(", "resourceVersion": ")" + version + R"("}})";
}

std::string event(const std::string& type, const std::string& what) {
  return R"({"type": ")" + type + R"(", "object": )" + what + "}\n";
}

/// Follows until `last` was seen; what was seen, in words.
std::vector<std::string> follow(ApiClient& client, const std::string& last) {
  std::vector<std::string> seen;
  const auto done = client.follow(
      "/pods",
      "",
      [&](const WatchEvent& event) {
        if (event.listed) {
          return false;
        }
        seen.push_back((event.deleted ? "-" : "+") +
                       event.object["metadata"]["name"].get<std::string>());
        return seen.back() == last;
      },
      in(seconds(10)));
  EXPECT_TRUE(done);
  return seen;
}

TEST(FollowTest, SeesWhatIsAndWhatBecomes) {
  ScriptedApi api([](const ScriptedRequest& request) {
    if (request.query.count("watch") == 0) {
      return ScriptedReply{
          200, R"({"metadata": {"resourceVersion": "1"}, "items": [)" + object("a", "1") + "]}"};
    }
    EXPECT_EQ(request.query.at("resourceVersion"), "1");
    const auto text = event("MODIFIED", object("a", "2")) + event("ADDED", object("b", "3")) +
                      event("DELETED", object("a", "4"));
    ScriptedReply reply;
    reply.pieces = {text.substr(0, 20), text.substr(20, 100), text.substr(120)};
    reply.open = true;
    return reply;
  });
  ApiClient client(api.socket());
  EXPECT_THAT(follow(client, "-a"), ElementsAre("+a", "+a", "+b", "-a"));
}

TEST(FollowTest, GoesOnWhereAWatchEnds) {
  std::vector<std::string> versions;
  ScriptedApi api([&versions](const ScriptedRequest& request) {
    if (request.query.count("watch") == 0) {
      return ScriptedReply{200, R"({"metadata": {"resourceVersion": "1"}, "items": []})"};
    }
    versions.push_back(request.query.at("resourceVersion"));
    ScriptedReply reply;
    if (versions.size() == 1) {
      reply.pieces = {event("ADDED", object("a", "5"))};
    } else if (versions.size() == 2) {
      reply.wire = Wire::closed;
    } else {
      reply.pieces = {event("BOOKMARK", object("", "9")) + event("ADDED", object("b", "10"))};
      reply.open = true;
    }
    return reply;
  });
  ApiClient client(api.socket());
  EXPECT_THAT(follow(client, "+b"), ElementsAre("+a", "+b"));
  EXPECT_THAT(versions, ElementsAre("1", "5", "5"));
}

class LostHistoryTest : public testing::TestWithParam<bool> {};

TEST_P(LostHistoryTest, IsListedAgainAndWhatHasGoneIsTold) {
  int lists = 0;
  ScriptedApi api([&lists, as_event = GetParam()](const ScriptedRequest& request) {
    if (request.query.count("watch") == 0) {
      return ScriptedReply{200,
                           R"({"metadata": {"resourceVersion": "1"}, "items": [)" +
                               (++lists == 1 ? object("a", "1") : object("b", "1")) + "]}"};
    }
    const auto gone = status_body(410, "Expired", "too old resource version");
    ScriptedReply reply{410, gone};
    if (as_event) {
      reply.status = 200;
      reply.pieces = {event("ERROR", gone)};
      reply.open = true;
    }
    return reply;
  });
  ApiClient client(api.socket());
  EXPECT_THAT(follow(client, "+b"), ElementsAre("+a", "-a", "+b"));
  EXPECT_EQ(lists, 2);
}

INSTANTIATE_TEST_SUITE_P(All, LostHistoryTest, testing::Bool());

TEST(FollowTest, EndsAtItsDeadlineAndOnAnInterrupt) {
  ScriptedApi api([](const ScriptedRequest& request) {
    ScriptedReply reply{200, R"({"metadata": {"resourceVersion": "1"}, "items": []})"};
    if (request.query.count("watch") != 0) {
      reply.pieces = {"\n"};
      reply.open = true;
    }
    return reply;
  });
  ApiClient client(api.socket());
  const auto nothing = [](const WatchEvent&) { return false; };
  auto end = client.follow("/pods", "", nothing, in(milliseconds(200)));
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().reason, "Deadline");
  raise_interrupt();
  end = client.follow("/pods", "", nothing, in(seconds(10)));
  clear_interrupt();
  ASSERT_FALSE(end);
  EXPECT_TRUE(end.error().interrupted);
}

// ---------------------------------------------------------------------------------------------

/// A cluster behind the scripted kubectl.
class ClusterTest : public testing::Test {
 protected:
  Result<std::shared_ptr<Cluster>> connect(Duration patience = seconds(10)) {
    ClusterChoice choice;
    choice.kubectl = scripted_kubectl(api_.folder());
    choice.context = "test";
    return Cluster::connect(choice, in(patience));
  }
  std::string trouble(Duration patience = seconds(10)) {
    const auto connected = connect(patience);
    return connected ? "connected" : to_string(connected.error());
  }
  void file(const std::string& name, const std::string& text) {
    std::ofstream(api_.folder() + "/" + name) << text;
  }

  ScriptedReply version_{200, R"({"gitVersion": "v1.34.4"})"};
  ScriptedReply review_{201, R"({"status": {"allowed": true}})"};
  ScriptedApi api_{[this](const ScriptedRequest& request) {
    return request.path == "/version" ? version_ : review_;
  }};
};

TEST_F(ClusterTest, IsReachedThroughKubectl) {
  auto cluster = connect();
  ASSERT_TRUE(cluster) << to_string(cluster.error());
  EXPECT_EQ((*cluster)->version(), "v1.34.4");
  EXPECT_EQ((*cluster)->kubectl().version(), "v1.34.4");
  auto client = (*cluster)->client();
  EXPECT_TRUE(client.get("/version", in(seconds(10))));
}

TEST_F(ClusterTest, MustBeChosen) {
  const auto checked = Cluster::connect({}, in(seconds(10)));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::usage);
  EXPECT_EQ(to_string(checked.error()),
            "which cluster? Say --context NAME (`kubectl config get-contexts` lists them), "
            "--kubeconfig FILE, or --current-context for the one that kubectl uses now");
}

TEST_F(ClusterTest, NeedsKubectl) {
  ClusterChoice choice;
  choice.kubectl = "/nowhere/kubectl";
  choice.current_context = true;
  const auto connected = Cluster::connect(choice, in(seconds(10)));
  ASSERT_FALSE(connected);
  EXPECT_EQ(to_string(connected.error()),
            "/nowhere/kubectl: No such file or directory; the kubernetes engine needs kubectl: "
            "install it, or name it with --kubectl PATH");
}

TEST_F(ClusterTest, TellsAKubectlThatIsNoneOrTooOld) {
  file("version", "hello");
  EXPECT_THAT(trouble(), HasSubstr("is no kubectl: `"));
  file("version", R"({"clientVersion": {"gitVersion": "v1.18.2"}})");
  EXPECT_THAT(trouble(), HasSubstr("is v1.18.2; nettest needs v1.24 or later"));
}

TEST_F(ClusterTest, TellsWhyTheProxyDoesNotServe) {
  file("proxy.fails", "error: context \"test\" does not exist\n");
  EXPECT_EQ(trouble(),
            "context test: kubectl proxy does not serve: exit code 1: error: context \"test\" does "
            "not exist");
}

TEST_F(ClusterTest, TellsAnApiThatCannotBeReached) {
  version_ = {500, "dial tcp 10.0.0.1:6443: i/o timeout"};
  EXPECT_EQ(trouble(),
            "context test: the API server cannot be reached: dial tcp 10.0.0.1:6443: i/o timeout");
}

TEST_F(ClusterTest, TellsCredentialsThatHaveExpired) {
  review_ = {401, status_body(401, "Unauthorized", "Unauthorized")};
  EXPECT_THAT(trouble(), HasSubstr("does not accept the credentials"));
  EXPECT_THAT(trouble(), Not(HasSubstr("\n")));
}

TEST_F(ClusterTest, LeavesNothingBehind) {
  std::string socket;
  {
    auto kubectl_folder = api_.folder();
    Reactor reactor;
    ClusterChoice choice{scripted_kubectl(kubectl_folder), "", "test"};
    const auto kubectl = Kubectl::find(reactor, choice, in(seconds(10)));
    ASSERT_TRUE(kubectl);
    const auto proxy = KubectlProxy::start(*kubectl, in(seconds(10)));
    ASSERT_TRUE(proxy);
    socket = (*proxy)->socket();
    EXPECT_TRUE(std::filesystem::exists(socket));
    const auto permissions =
        std::filesystem::status(std::filesystem::path(socket).parent_path()).permissions();
    EXPECT_EQ(permissions, std::filesystem::perms::owner_all);
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(socket).parent_path()));
}

TEST(PermissionsTest, WhatIsMissingIsPrintedAsAManifest) {
  ScriptedApi api([](const ScriptedRequest& request) {
    const auto asked = nlohmann::json::parse(request.body)["spec"]["resourceAttributes"];
    const bool missing = (asked["resource"] == "pods" && asked.contains("subresource")) ||
                         (asked["resource"] == "networkpolicies" && asked["verb"] == "patch");
    return ScriptedReply{
        201, missing ? R"({"status": {"allowed": false}})" : R"({"status": {"allowed": true}})"};
  });
  ApiClient client(api.socket());
  const auto checked = check_permissions(client, permissions_to_run(), in(seconds(10)));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            R"(this user may not create/get pods/exec, patch networkpolicies on the cluster. )"
            R"(A cluster administrator can grant it; bind this role with )"
            R"(`kubectl create clusterrolebinding nettest --clusterrole=nettest --user=NAME` )"
            R"((or --serviceaccount=NAMESPACE:NAME):
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: nettest}
rules:
  - {apiGroups: [""], resources: [pods/exec], verbs: [create, get]}
  - {apiGroups: ["networking.k8s.io"], resources: [networkpolicies], verbs: [patch]}
)");
}

TEST(PermissionsTest, TheManifestThatShipsGrantsWhatIsAskedFor) {
  std::ifstream file(NETTEST_SOURCE_DIR "/deploy/rbac.yaml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, HasSubstr(cluster_role("nettest", permissions_to_run())));
}

}  // namespace
}  // namespace nettest
