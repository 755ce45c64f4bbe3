#include "probes/agent/protocol.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "probes/agent/http_reader.hpp"
#include "probes/http_answer.hpp"

namespace nettest::agent {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

template <typename Alternative, typename Variant>
Alternative round_trip(const Alternative& value, Result<Variant> (*parse)(std::string_view)) {
  std::string line;
  append(line, Variant(value));
  EXPECT_EQ(line.back(), '\n');
  EXPECT_LT(line.size(), kLineLimit);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  line.pop_back();
  const auto parsed = parse(line);
  EXPECT_TRUE(parsed) << line;
  if (!parsed || !std::holds_alternative<Alternative>(*parsed)) {
    ADD_FAILURE() << line;
    return {};
  }
  return std::get<Alternative>(*parsed);
}

TEST(Protocol, CarriesAProbeUnchanged) {
  const Ask ask{18446744073709551615U,
                Protocol::udp,
                IpFamily::ipv6,
                "we b.de%fault\n",
                65535,
                Serve::http,
                milliseconds(250),
                "-"};
  const auto back = round_trip(ask, parse_command);
  EXPECT_EQ(back.id, ask.id);
  EXPECT_EQ(back.protocol, ask.protocol);
  EXPECT_EQ(back.family, ask.family);
  EXPECT_EQ(back.host, ask.host);
  EXPECT_EQ(back.port, ask.port);
  EXPECT_EQ(back.serve, ask.serve);
  EXPECT_EQ(back.timeout, ask.timeout);
  EXPECT_EQ(back.http_host, ask.http_host);
}

TEST(Protocol, CarriesAnAnswerUnchanged) {
  for (const auto signal : {Signal::connected, Signal::http_denied, Signal::unusable}) {
    const Answer answer{
        7, signal, microseconds(12), microseconds(3456), "x/y", "two  blanks, 100% kept"};
    const auto back = round_trip(answer, parse_message);
    EXPECT_EQ(back.id, answer.id);
    EXPECT_EQ(back.signal, answer.signal);
    EXPECT_EQ(back.sent, answer.sent);
    EXPECT_EQ(back.took, answer.took);
    EXPECT_EQ(back.who, answer.who);
    EXPECT_EQ(back.detail, answer.detail);
  }
  EXPECT_EQ(round_trip(Answer{}, parse_message).who, "");
}

TEST(Protocol, CarriesTheOthers) {
  EXPECT_EQ(round_trip(SetIdentity{"a/b"}, parse_command).name, "a/b");
  EXPECT_EQ(round_trip(ServePort{Protocol::sctp, 80, Serve::http}, parse_command).port, 80);
  EXPECT_EQ(round_trip(StopPort{Protocol::udp, 53}, parse_command).protocol, Protocol::udp);
  EXPECT_EQ(round_trip(Go{3}, parse_command).batch, 3U);
  EXPECT_EQ(round_trip(Hello{1, 2000}, parse_message).in_flight, 2000U);
  EXPECT_EQ(round_trip(Serving{Protocol::tcp, 80}, parse_message).port, 80);
  EXPECT_EQ(round_trip(Stopped{Protocol::tcp, 80}, parse_message).port, 80);
  EXPECT_EQ(round_trip(Failure{"why not"}, parse_message).text, "why not");
  EXPECT_EQ(round_trip(Closed{4, 324}, parse_message).count, 324U);
}

TEST(Protocol, CutsTextsSoThatALineStaysShort) {
  Answer answer;
  answer.who = std::string(100'000, '\x01');
  answer.detail = std::string(100'000, 'x');
  std::string line;
  append(line, Message(answer));
  EXPECT_LT(line.size(), kLineLimit);
  Ask ask;
  ask.host = std::string(100'000, ' ');
  ask.http_host = ask.host;
  line.clear();
  append(line, Command(ask));
  EXPECT_LT(line.size(), kLineLimit);
  EXPECT_EQ(round_trip(Answer{1, Signal::reset, {}, {}, "a", "b\r\nc"}, parse_message).detail,
            "b  c");
}

TEST(Protocol, RefusesEverythingElse) {
  for (const char* line : {"",
                           " ",
                           "go",
                           "go ",
                           "go x",
                           "go 1 2",
                           "go -1",
                           "go 99999999999999999999",
                           "GO 1",
                           "serve TCP 0 plain",
                           "serve TCP 65536 plain",
                           "serve tcp 80 plain",
                           "serve TCP 80",
                           "serve TCP 80 ftp",
                           "probe 1 TCP 4 h 80 plain 0 -",
                           "probe 1 TCP 4 h 80 plain 60001 -",
                           "probe 1 TCP 5 h 80 plain 1 -",
                           "probe 1 TCP 4 %4 80 plain 1 -",
                           "probe 1 TCP 4 %ZZ 80 plain 1 -",
                           "probe 1 TCP 4 h 80 plain 1",
                           "probe 1 TCP 4  h 80 plain 1 -"}) {
    EXPECT_FALSE(parse_command(line)) << line;
  }
  for (const char* line : {"answer 1 perhaps 0 0 - x",
                           "answer 1 connected -1 0 - x",
                           "answer 1 connected 0",
                           "closed 1",
                           "nettest-agent one 2",
                           "bash: nettest-agent: not found"}) {
    EXPECT_FALSE(parse_message(line)) << line;
  }
}

TEST(Protocol, SurvivesGarbage) {
  constexpr unsigned kSeed = 20231127;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937 random(kSeed);
  const std::vector<std::string> words = {"probe", "answer", "go", "1",   "TCP", "4",  "-",
                                          "%41",   "%",      "%4", "h",   "80",  " ",  "plain",
                                          "\xff",  "closed", "-1", "1e9", "0x1", "   "};
  for (int i = 0; i < 20'000; ++i) {
    std::string line;
    for (auto count = random() % 10; count > 0; --count) {
      line += words[random() % words.size()];
      line += random() % 4 == 0 ? "" : " ";
    }
    static_cast<void>(parse_command(line));
    static_cast<void>(parse_message(line));
  }
}

struct HttpCase {
  const char* text;
  bool at_end;
  int status;
  const char* body;
};

TEST(ReadHttp, TellsStatusAndFirstLine) {
  const std::vector<HttpCase> cases = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na/b\n", false, 200, "a/b\n"},
      {"HTTP/1.0 200 OK\n\na/b", true, 200, "a/b"},
      {"HTTP/1.1 403 Forbidden\r\n\r\n", false, 403, ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\na/b\n\r\n0\r\n",
       false,
       200,
       "a/b"},
      {"HTTP/1.1 204 No Content\r\n\r\n", true, 204, ""},
      {"HTTP/1.1", true, 0, ""},
      {"HTTP/1.1 abc", true, 0, ""},
      {"SSH-2.0-x\r\n", false, 0, ""},
      {"", true, 0, ""},
  };
  for (const auto& row : cases) {
    const auto response = read_http(row.text, row.at_end);
    ASSERT_TRUE(response) << row.text;
    EXPECT_EQ(response->status, row.status) << row.text;
    EXPECT_EQ(response->body.substr(0, std::string_view(row.body).size()), row.body) << row.text;
  }
  for (const char* text : {"", "HT", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\na/"}) {
    EXPECT_FALSE(read_http(text, false)) << text;
  }
}

TEST(HttpStatus, IsJudged) {
  EXPECT_EQ(signal_of_http_status(200), Signal::connected);
  EXPECT_EQ(signal_of_http_status(403), Signal::http_denied);
  EXPECT_EQ(signal_of_http_status(503), Signal::unreachable);
  EXPECT_EQ(signal_of_http_status(404), Signal::wrong_backend);
  EXPECT_EQ(signal_of_http_status(301), Signal::wrong_backend);
  EXPECT_EQ(identity_of("default/web\r\nmore"), "default/web");
  EXPECT_EQ(identity_of("\x01"), "\\x01");
}

}  // namespace
}  // namespace nettest::agent
