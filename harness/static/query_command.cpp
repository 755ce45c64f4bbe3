#include "harness/static/query_command.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "harness/static/query_ends.hpp"
#include "probes/connectivity/port_set.hpp"
#include "results/static_query.hpp"

namespace nettest {

namespace {

std::optional<Protocol> parse_protocol(std::string_view text) {
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (text == to_string(protocol)) {
      return protocol;
    }
  }
  return std::nullopt;
}

Result<Port> named_port(const std::string& name, Protocol protocol, const WalkEnd& to) {
  if (to.pod == nullptr) {
    return fail(ErrorKind::usage,
                "--port: \"" + printable(name) + "\" is a name, and " + to.name +
                    " is no pod that could have it; give a number");
  }
  std::vector<std::string> names;
  for (const ContainerPort& port : to.pod->ports) {
    if (port.name == name && port.protocol == protocol) {
      return port.port;
    }
    names.push_back(port.name);
  }
  return fail(ErrorKind::usage,
              "--port: " + to.name + " has no " + std::string(to_string(protocol)) +
                  " port named \"" + printable(name) + "\"" + spelling_hint(name, names));
}

Result<Port> parse_port(const std::string& text, Protocol protocol, const WalkEnd& to) {
  const bool number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (!number) {
    return named_port(text, protocol, to);
  }
  unsigned value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || value < 1 || value > PortSet::kLast) {
    return fail(ErrorKind::usage, "--port: " + printable(text) + " is not in 1 to 65535");
  }
  return static_cast<Port>(value);
}

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed:
      return static_cast<int>(StaticExit::ok);
    case Verdict::blocked:
      return static_cast<int>(StaticExit::found);
    case Verdict::either:
      break;
  }
  return static_cast<int>(StaticExit::open);
}

int refuse(const std::string& message, StaticIo& io) {
  complain(io, message);
  return static_cast<int>(StaticExit::usage);
}

/// A workload may have pods that policies treat differently: what any of them may is the answer, as
/// in `list`.
struct Answer {
  WalkQuestion question;
  Walk walk;
  bool mixed = false;
};

int rank(Verdict verdict) {
  return verdict == Verdict::allowed ? 0 : verdict == Verdict::either ? 1 : 2;
}

Result<Answer> ask(const QueryOptions& options,
                   Protocol protocol,
                   const Inventory& inventory,
                   const QueryEnds& ends) {
  std::optional<Answer> best;
  for (const WalkEnd& from : ends.from) {
    for (const WalkEnd& to : ends.to) {
      const auto port = parse_port(options.port, protocol, to);
      if (!port) {
        return tl::unexpected(port.error());
      }
      const WalkQuestion question{from, to, protocol, *port};
      Walk walked = walk(inventory.state.policies, question);
      const bool differs = best && best->walk.verdict != walked.verdict;
      if (!best || rank(walked.verdict) < rank(best->walk.verdict)) {
        best = Answer{question, std::move(walked), best && best->mixed};
      }
      best->mixed = best->mixed || differs;
    }
  }
  return *best;
}

}  // namespace

int query_command(const QueryOptions& options, StaticIo& io) {
  const auto protocol = parse_protocol(options.protocol);
  if (!protocol) {
    return refuse("--protocol: want TCP, UDP or SCTP, found \"" + printable(options.protocol) +
                      "\"" + spelling_hint(options.protocol, {"TCP", "UDP", "SCTP"}),
                  io);
  }
  if (options.format != "txt" && options.format != "json") {
    return refuse("-o: want txt or json, found \"" + printable(options.format) + "\"", io);
  }
  const auto inventory = load(options.input, io, false);
  if (!inventory) {
    return inventory.error();
  }
  const auto ends = find_ends(options.from, options.to, *inventory);
  if (!ends) {
    return refuse(ends.error().message, io);
  }
  const auto answer = ask(options, *protocol, *inventory, *ends);
  if (!answer) {
    return refuse(answer.error().message, io);
  }
  io.out(options.format == "json" ? render_walk_json(answer->walk, answer->question)
                                  : render_walk_txt(answer->walk, answer->question));
  if (answer->mixed) {
    complain(io,
             "warning: policies treat pods of this workload differently; shown is " +
                 to_string(answer->question.from.pod != nullptr ? answer->question.from.pod->id
                                                                : PodId{"", options.from}) +
                 " to " +
                 to_string(answer->question.to.pod != nullptr ? answer->question.to.pod->id
                                                              : PodId{"", options.to}));
  }
  return with_foreign_policies(exit_code(answer->walk.verdict), *inventory, options.input, io);
}

}  // namespace nettest
