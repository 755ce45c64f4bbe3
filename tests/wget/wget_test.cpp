// What GNU wget 1.21.3 and BusyBox 1.35 of Debian 12 wrote, captured; and how it is judged.
#include "probes/wget.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/backend.hpp"

namespace nettest {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;

const std::string kAsked = "--2026-11-23 23:59:56--  http://127.0.0.1:8001/\n";
const std::string kConnected =
    kAsked + "Connecting to 127.0.0.1:8001... connected.\nHTTP request sent, awaiting response... ";

struct Captured {
  std::string what;
  int exit_code;
  std::string output;
  std::string errors;
  Signal signal;
  std::string detail;
  std::string answered_by = {};
};

std::vector<Captured> captured() {
  return {
      {"GNU: ok",
       0,
       "default/web\n",
       kConnected + "200 OK\nLength: 12\nSaving to: 'STDOUT'\n",
       Signal::connected,
       "",
       "default/web"},
      {"GNU -nv: ok",
       0,
       "default/web\n",
       "2026-11-23 23:59:26 URL:http://127.0.0.1:8001/ [12/12] -> \"-\" [1]\n",
       Signal::connected,
       "",
       "default/web"},
      {"GNU: refused",
       4,
       "",
       kAsked + "Connecting to 127.0.0.1:1... failed: Connection refused.\n",
       Signal::refused,
       "Connecting to 127.0.0.1:1... failed: Connection refused."},
      {"GNU -nv: refused",
       4,
       "",
       "failed: Connection refused.\n",
       Signal::refused,
       "failed: Connection refused."},
      {"GNU: dropped",
       4,
       "",
       kAsked + "Connecting to 10.9.0.2:80... failed: Connection timed out.\nGiving up.\n\n",
       Signal::timed_out,
       "Connecting to 10.9.0.2:80... failed: Connection timed out."},
      {"GNU: no route",
       4,
       "",
       "failed: No route to host.\n",
       Signal::unreachable,
       "failed: No route to host."},
      {"GNU: prohibited",
       4,
       "",
       kAsked + "Connecting to 10.9.2.1:80... failed: Permission denied.\nGiving up.\n",
       Signal::unreachable,
       "Connecting to 10.9.2.1:80... failed: Permission denied."},
      {"GNU: DNS",
       4,
       "",
       kAsked + "Resolving x.default (x.default)... failed: Temporary failure in name resolution.\n"
                "wget: unable to resolve host address 'x.default'\n",
       Signal::dns_failed,
       "wget: unable to resolve host address 'x.default'"},
      {"GNU: 403",
       8,
       "",
       kConnected + "403 Forbidden\n2026-11-23 23:59:57 ERROR 403: Forbidden.\n\n",
       Signal::http_denied,
       "2026-11-23 23:59:57 ERROR 403: Forbidden."},
      {"GNU -nv: 503",
       8,
       "",
       "http://127.0.0.1:8003/:\n2026-11-23 23:59:28 ERROR 503: Service Unavailable.\n",
       Signal::unreachable,
       "2026-11-23 23:59:28 ERROR 503: Service Unavailable."},
      {"GNU: 504",
       4,
       "",
       kConnected + "504 Gateway Timeout\nGiving up.\n\n",
       Signal::unreachable,
       "HTTP request sent, awaiting response... 504 Gateway Timeout"},
      {"GNU -nv: 504 or reset, it does not say",
       4,
       "",
       "",
       Signal::unusable,
       "wget ended with exit code 4, and nobody knows why: "},
      {"GNU: hangs after the request",
       4,
       "",
       kConnected + "Read error (Connection timed out) in headers.\nGiving up.\n",
       Signal::timed_out,
       "HTTP request sent, awaiting response... Read error (Connection timed out) in headers."},
      {"GNU: redirect",
       8,
       "",
       kConnected + "302 Found\nLocation: http://127.0.0.1:8001/ [following]\n"
                    "0 redirections exceeded.\n",
       Signal::wrong_backend,
       "HTTP request sent, awaiting response... 302 Found"},
      {"GNU: closed without an answer",
       4,
       "",
       kConnected + "No data received.\nGiving up.\n",
       Signal::reset,
       "HTTP request sent, awaiting response... No data received."},
      {"GNU: reset",
       4,
       "",
       kConnected + "Read error (Connection reset by peer) in headers.\nGiving up.\n",
       Signal::reset,
       "HTTP request sent, awaiting response... Read error (Connection reset by peer) in headers."},
      {"GNU: closed in the body",
       4,
       "short\n",
       kConnected + "200 OK\nLength: 100\nSaving to: 'STDOUT'\n\n     0K   6% 1.08M=0s\n\n"
                    "2026-11-23 23:59:57 (1.08 MB/s) - Connection closed at byte 6. Giving up.\n",
       Signal::reset,
       "2026-11-23 23:59:57 (1.08 MB/s) - Connection closed at byte 6. Giving up."},
      {"GNU: 401",
       6,
       "",
       kConnected + "401 Unauthorized\n\nUsername/Password Authentication Failed.\n",
       Signal::wrong_backend,
       "HTTP request sent, awaiting response... 401 Unauthorized"},
      {"GNU: the second address refuses, the first was silent",
       4,
       "",
       "Connecting to web|10.0.0.1|:80... failed: Connection timed out.\n"
       "Connecting to web|10.0.0.2|:80... failed: Connection refused.\n",
       Signal::refused,
       "Connecting to web|10.0.0.2|:80... failed: Connection refused."},
      {"GNU: usage",
       2,
       "",
       "wget: unrecognized option '--bogus'\nUsage: wget [OPTION]... [URL]...\n",
       Signal::unusable,
       "wget ended with exit code 2, and nobody knows why: Usage: wget [OPTION]... [URL]..."},
      {"BusyBox: ok", 0, "default/web\n", "", Signal::connected, "", "default/web"},
      {"BusyBox: refused",
       1,
       "",
       "wget: can't connect to remote host (127.0.0.1): Connection refused\n",
       Signal::refused,
       "wget: can't connect to remote host (127.0.0.1): Connection refused"},
      {"BusyBox: no route",
       1,
       "",
       "wget: can't connect to remote host (10.9.1.1): No route to host\n",
       Signal::unreachable,
       "wget: can't connect to remote host (10.9.1.1): No route to host"},
      {"BusyBox: prohibited",
       1,
       "",
       "wget: can't connect to remote host (10.9.2.1): Permission denied\n",
       Signal::unreachable,
       "wget: can't connect to remote host (10.9.2.1): Permission denied"},
      {"BusyBox: DNS",
       1,
       "",
       "wget: bad address 'x.default'\n",
       Signal::dns_failed,
       "wget: bad address 'x.default'"},
      {"BusyBox: 403",
       1,
       "",
       "wget: server returned error: HTTP/1.1 403 Forbidden\n",
       Signal::http_denied,
       "wget: server returned error: HTTP/1.1 403 Forbidden"},
      {"BusyBox: 404 of HTTP/1.0",
       1,
       "",
       "wget: server returned error: HTTP/1.0 404 Not Found\n",
       Signal::wrong_backend,
       "wget: server returned error: HTTP/1.0 404 Not Found"},
      {"BusyBox: 504",
       1,
       "",
       "wget: server returned error: HTTP/1.1 504 Gateway Timeout\n",
       Signal::unreachable,
       "wget: server returned error: HTTP/1.1 504 Gateway Timeout"},
      {"BusyBox: closed without an answer",
       1,
       "",
       "wget: error getting response\n",
       Signal::reset,
       "wget: error getting response"},
      {"BusyBox: closed in the body",
       1,
       "short\n",
       "wget: connection closed prematurely\n",
       Signal::reset,
       "wget: connection closed prematurely"},
      {"BusyBox with -T: dropped",
       1,
       "",
       "wget: download timed out\n",
       Signal::timed_out,
       "wget: download timed out"},
      {"coreutils timeout", 124, "", "", Signal::timed_out, "wget had no answer in time"},
      {"BusyBox timeout",
       143,
       "",
       "Terminated\n",
       Signal::timed_out,
       "wget had no answer in time: Terminated"},
      {"BusyBox of Debian given -T",
       139,
       "",
       "Segmentation fault\n",
       Signal::unusable,
       "wget ended with exit code 139, and nobody knows why: Segmentation fault"},
      {"no wget",
       127,
       "",
       "timeout: failed to run command 'wget': No such file or directory\n",
       Signal::unusable,
       "wget cannot be run: timeout: failed to run command 'wget': No such file or directory"},
      {"wget is no program",
       126,
       "",
       "sh: wget: Permission denied\n",
       Signal::unusable,
       "wget cannot be run: sh: wget: Permission denied"},
  };
}

TEST(JudgeWget, KnowsWhatBothProgramsWrite) {
  for (const auto& row : captured()) {
    SCOPED_TRACE(row.what);
    Attempt attempt;
    attempt.answered_by = "stale";
    judge_wget({{}, row.exit_code, 0, false, row.output, row.errors}, attempt);
    EXPECT_EQ(to_string(attempt.signal), to_string(row.signal));
    EXPECT_EQ(attempt.detail, row.detail);
    EXPECT_EQ(attempt.answered_by, row.answered_by);
  }
}

TEST(JudgeWget, KnowsHowARunEnds) {
  Attempt attempt;
  judge_wget({"wget: not found in PATH (/bin)", std::nullopt, 0, false, "", ""}, attempt);
  EXPECT_EQ(attempt.signal, Signal::unusable);
  EXPECT_EQ(attempt.detail, "wget: not found in PATH (/bin)");
  judge_wget({"", std::nullopt, 9, true, "", ""}, attempt);
  EXPECT_EQ(attempt.signal, Signal::timed_out);
  judge_wget({"", std::nullopt, 15, false, "", ""}, attempt);
  EXPECT_EQ(attempt.signal, Signal::timed_out);
  judge_wget({"", std::nullopt, 9, false, "", ""}, attempt);
  EXPECT_EQ(attempt.signal, Signal::unusable);
  EXPECT_EQ(attempt.detail, "wget was killed by signal 9");
}

TEST(JudgeWget, AStrangersPageIsTheWrongBackend) {
  Attempt attempt;
  judge_wget({"", 0, 0, false, "<html>\n", ""}, attempt);
  judge_backend(attempt, {{"default", "web"}, {"x", "y"}});
  EXPECT_EQ(attempt.signal, Signal::wrong_backend);
  EXPECT_EQ(attempt.answered_by, "<html>");
  EXPECT_EQ(attempt.detail, "answered instead of default/web or x/y");
  judge_wget({"", 0, 0, false, "x/y\n", ""}, attempt);
  judge_backend(attempt, {{"default", "web"}, {"x", "y"}});
  EXPECT_EQ(attempt.signal, Signal::connected);
}

TEST(DetectWget, TellsTheFlavoursApart) {
  EXPECT_FALSE(detect_wget("sh: wget: not found"));
  EXPECT_EQ(detect_wget("GNU Wget 1.21.3 built on linux-gnu.\n")->flavour, Wget::Flavour::gnu);
  const auto debian = detect_wget(
      "BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n\n"
      "Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n"
      "\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t-Y on/off\tUse proxy\n");
  ASSERT_TRUE(debian);
  EXPECT_EQ(debian->flavour, Wget::Flavour::busybox);
  EXPECT_FALSE(debian->has_timeout);
  EXPECT_TRUE(debian->has_no_proxy);
  const auto alpine = detect_wget(
      "BusyBox v1.36.1 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC]\n"
      "\t-T SEC\t\tNetwork read timeout is SEC seconds\n");
  ASSERT_TRUE(alpine);
  EXPECT_TRUE(alpine->has_timeout);
  EXPECT_FALSE(alpine->has_no_proxy);
}

TEST(WgetCommand, FitsTheFlavour) {
  Wget wget;
  EXPECT_THAT(wget_command(wget, "http://web.default/", milliseconds(1050), IpFamily::ipv6),
              ElementsAre("wget",
                          "-t",
                          "1",
                          "-T",
                          "1.050",
                          "--no-proxy",
                          "--max-redirect=0",
                          "-6",
                          "-O",
                          "-",
                          "http://web.default/"));
  for (const char* url : {"http://10.0.0.1:80/", "http://[fd00::1]:8080/", "http://[::1]"}) {
    const auto words = wget_command(wget, url, milliseconds(5), IpFamily::ipv4);
    EXPECT_THAT(words, testing::Not(testing::Contains("-4"))) << url;
    EXPECT_EQ(words[4], "0.005");
  }
  wget.flavour = Wget::Flavour::busybox;
  wget.program = {"busybox", "wget"};
  EXPECT_THAT(
      wget_command(wget, "http://web/", milliseconds(1050), IpFamily::ipv4),
      ElementsAre("busybox", "wget", "-q", "-Y", "off", "-T", "2", "-O", "-", "http://web/"));
  wget.has_timeout = false;
  wget.has_no_proxy = false;
  EXPECT_THAT(wget_command(wget, "http://web/", milliseconds(1), IpFamily::ipv4),
              ElementsAre("timeout", "1", "busybox", "wget", "-q", "-O", "-", "http://web/"));
}

}  // namespace
}  // namespace nettest
