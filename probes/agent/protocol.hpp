// The line protocol between nettest and its agent in a pod, both ways. Pure.
//
// Text, one message per line, words separated by one space, every line shorter than kLineLimit, so
// that it passes through `kubectl exec -i`. Words escape blanks, control characters and '%' as %XX;
// "-" is an empty word. The agent ends when its stdin ends.
//
// The agent says:
//   nettest-agent VERSION IN-FLIGHT
//   serving PROTOCOL PORT
//   stopped PROTOCOL PORT
//   error TEXT...
//   answer ID SIGNAL SENT-US TOOK-US WHO TEXT...
//   closed BATCH COUNT
// The session says:
//   identity NAME
//   serve PROTOCOL PORT plain|http
//   stop PROTOCOL PORT
//   probe ID PROTOCOL 4|6 HOST PORT plain|http MS HTTP-HOST
//   go BATCH
//
// `probe` lines are collected; `go` asks them all at once. Answers come in any order, `closed`
// after the last: a stream without it is not whole. `go` during a batch drops that batch without a
// word. Commands are carried out in order. SENT-US counts from the `go`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ip.hpp"
#include "probes/attempt.hpp"
#include "suites/world.hpp"

namespace nettest::agent {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kLineLimit = 4096;
/// No single time-out is longer.
inline constexpr Duration kLongestTimeout = std::chrono::minutes(1);
/// By how much an agent that was starved of CPU time may stretch the time-outs of a batch, in all.
inline constexpr Duration kStretch = std::chrono::seconds(1);

struct SetIdentity {
  std::string name;
};
struct ServePort {
  Protocol protocol = Protocol::tcp;
  Port port = 0;
  Serve serve = Serve::plain;
};
struct StopPort {
  Protocol protocol = Protocol::tcp;
  Port port = 0;
};
/// A question. `host` is an address or a name; `http_host` the Host header of Serve::http.
struct Ask {
  std::uint64_t id = 0;
  Protocol protocol = Protocol::tcp;
  IpFamily family = IpFamily::ipv4;
  std::string host;
  Port port = 0;
  Serve serve = Serve::plain;
  Duration timeout{};
  std::string http_host;
};
struct Go {
  std::uint64_t batch = 0;
};
using Command = std::variant<SetIdentity, ServePort, StopPort, Ask, Go>;

/// The first line. `in_flight`: how many probes the agent keeps under way at a time.
struct Hello {
  int version = 0;
  std::uint64_t in_flight = 0;
};
struct Serving {
  Protocol protocol = Protocol::tcp;
  Port port = 0;
};
struct Stopped {
  Protocol protocol = Protocol::tcp;
  Port port = 0;
};
/// A command that could not be carried out: "serve TCP 80: Address already in use".
struct Failure {
  std::string text;
};
struct Answer {
  std::uint64_t id = 0;
  Signal signal = Signal::unusable;
  Duration sent{};
  Duration took{};
  std::string who;
  std::string detail;
};
struct Closed {
  std::uint64_t batch = 0;
  std::uint64_t count = 0;
};
using Message = std::variant<Hello, Serving, Stopped, Failure, Answer, Closed>;

/// Append the line with its newline. Texts are cut so that the line stays below kLineLimit.
void append(std::string& out, const Command& command);
void append(std::string& out, const Message& message);

/// Read one line without its newline; everything else is an Error that quotes it.
Result<Command> parse_command(std::string_view line);
Result<Message> parse_message(std::string_view line);

}  // namespace nettest::agent
