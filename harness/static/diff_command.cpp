#include "harness/static/diff_command.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "probes/connectivity/connectivity.hpp"
#include "probes/connectivity/difference.hpp"
#include "results/static_diff.hpp"

namespace nettest {

namespace {

constexpr std::array<std::string_view, 4> kFailOn = {"any", "opened", "closed", "none"};

int exit_code(std::string_view fail_on, const DiffSummary& summary) {
  const std::uint64_t counted = fail_on == "any"      ? summary.all()
                                : fail_on == "opened" ? summary.opened()
                                : fail_on == "closed" ? summary.closed()
                                                      : 0;
  return static_cast<int>(counted == 0 ? StaticExit::ok : StaticExit::found);
}

/// What is wrong with the command line, or nothing.
std::string fault_of(const DiffOptions& options) {
  if (!parse_diff_format(options.format)) {
    return "-o: want txt, json or md, found \"" + printable(options.format) + "\"";
  }
  if (std::find(kFailOn.begin(), kFailOn.end(), options.fail_on) == kFailOn.end()) {
    return "--fail-on: want any, opened, closed or none, found \"" + printable(options.fail_on) +
           "\"" + spelling_hint(options.fail_on, {kFailOn.begin(), kFailOn.end()});
  }
  const bool live = is_live(options.input);
  if (options.second.empty() != live) {
    return live ? "want one PATH: what the live cluster is compared with"
                : "want two paths: OLD NEW; or one, and --context for the live cluster as OLD";
  }
  if (live && !options.input.paths.empty()) {
    return "--with: the live cluster has its own workloads; leave --with or --context away";
  }
  auto all = options.input.paths;
  all.insert(all.end(), {options.first, options.second});
  return std::count(all.begin(), all.end(), "-") > 1 ? "standard input (-) can be read once only"
                                                     : "";
}

/// Both sides' inputs; what is said of what they share is said once.
class Loader {
 public:
  Loader(const DiffOptions& options, StaticIo& io)
      : options_(options), io_(io), once_{io.in, io.out, [this](std::string_view text) {
                                            say_once(text);
                                          }} {}

  /// An empty path: the live cluster.
  tl::expected<Inventory, int> load_side(const std::string& path) {
    StaticInput input = options_.input;
    if (!path.empty()) {
      input.paths.push_back(path);
      input.cluster = {};
    }
    return load(input, once_, false);
  }
  int with_foreign(int code, const Inventory& before, const Inventory& after) {
    return with_foreign_policies(
        with_foreign_policies(code, before, options_.input, once_), after, options_.input, once_);
  }

 private:
  void say_once(std::string_view text) {
    if (said_.insert(std::string(text)).second) {
      io_.err(text);
    }
  }

  const DiffOptions& options_;
  StaticIo& io_;
  StaticIo once_;
  std::set<std::string> said_;
};

ConnectivityOptions options_for(const DiffOptions& options, const Inventory& other) {
  ConnectivityOptions wanted;
  if (options.ipv6) {
    wanted.families.push_back(IpFamily::ipv6);
  }
  wanted.also_tell_apart = block_sets_of(other.state.policies);
  return wanted;
}

void warn_of_mixed(const Connectivity& before, const Connectivity& after, StaticIo& io) {
  std::set<std::string> names;
  for (const Connectivity* side : {&before, &after}) {
    for (const std::size_t endpoint : side->mixed()) {
      names.insert(side->endpoints()[endpoint].name);
    }
  }
  for (const std::string& name : names) {
    complain(io,
             "warning: policies treat pods of " + name +
                 " differently; what any of them may is compared");
  }
}

}  // namespace

int diff_command(const DiffOptions& options, StaticIo& io) {
  const std::string fault = fault_of(options);
  if (!fault.empty()) {
    complain(io, fault);
    return static_cast<int>(StaticExit::usage);
  }
  Loader loader(options, io);
  const bool live = is_live(options.input);
  const auto before = loader.load_side(live ? "" : options.first);
  const auto after = loader.load_side(live ? options.first : options.second);
  if (!before || !after) {
    return before ? after.error() : before.error();
  }
  ConnectionTable table;
  const Connectivity old(before->state,
                         before->addresses,
                         workload_texts(*before),
                         table,
                         options_for(options, *after));
  const Connectivity now(
      after->state, after->addresses, workload_texts(*after), table, options_for(options, *before));
  warn_of_mixed(old, now, io);
  const ConnectivityDiff difference({old, before->state.policies}, {now, after->state.policies});
  DiffSummary summary;
  {
    BufferedText out(io.out);
    summary = write_diff(difference, *parse_diff_format(options.format), out);
  }
  return loader.with_foreign(exit_code(options.fail_on, summary), *before, *after);
}

}  // namespace nettest
