#include "harness/static/static_io.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "harness/static/cluster_input.hpp"
#include "suites/manifest_files.hpp"

namespace nettest {

namespace {

bool is_ignored(const ForeignPolicy& policy, const std::vector<std::string>& ignored) {
  const std::string group = policy.api_version.substr(0, policy.api_version.find('/'));
  return std::any_of(ignored.begin(), ignored.end(), [&](const std::string& kind) {
    return kind == policy.kind || kind == policy.kind + "." + group;
  });
}

void say_passed_over(const Inventory& inventory, StaticIo& io) {
  std::size_t count = 0;
  std::vector<std::string> kinds;
  for (const auto& [kind, objects] : inventory.passed_over) {
    count += objects;
    kinds.push_back(kind + " " + std::to_string(objects));
  }
  if (count != 0) {
    complain(io,
             std::to_string(count) + (count == 1 ? " object" : " objects") +
                 " passed over that do not matter to policies: " + join(kinds, ", "));
  }
}

Checked<Inventory> read(const StaticInput& input, bool keep_contradictions, StaticIo& io) {
  ManifestOptions options;
  options.skip_invalid = input.skip_invalid;
  options.keep_faults = keep_contradictions;
  if (!is_live(input)) {
    return read_manifests(input.paths, options, io.in);
  }
  std::vector<std::string> not_seen;
  auto inventory = read_cluster(input.cluster, options, not_seen);
  for (const std::string& what : not_seen) {
    complain(io, "warning: " + what);
  }
  return inventory;
}

/// Says what is wrong; returns the exit code.
int refusal(const Errors& errors, StaticIo& io) {
  bool is_input = true;
  for (const Error& error : errors) {
    complain(io, to_string(error));
    is_input = is_input && (error.kind == ErrorKind::suite || error.kind == ErrorKind::usage);
  }
  if (is_input) {
    complain(io, "nothing was evaluated; --skip-invalid goes on without what is wrong");
  }
  return static_cast<int>(is_input ? StaticExit::usage : StaticExit::open);
}

}  // namespace

void complain(StaticIo& io, const std::string& text) {
  io.err("nettest: " + text + "\n");
}

bool is_live(const StaticInput& input) {
  return !input.cluster.context.empty() || !input.cluster.kubeconfig.empty() ||
         input.cluster.current_context;
}

tl::expected<Inventory, int> load(const StaticInput& input,
                                  StaticIo& io,
                                  bool keep_contradictions) {
  if (input.paths.empty() != is_live(input)) {
    complain(io,
             is_live(input) ? "manifests or a live cluster, not both: leave PATH or --context away"
                            : "which manifests? Name files or directories, - for standard input, "
                              "or a live cluster: --context NAME");
    return tl::unexpected(static_cast<int>(StaticExit::usage));
  }
  auto inventory = read(input, keep_contradictions, io);
  if (!inventory) {
    return tl::unexpected(refusal(inventory.error(), io));
  }
  if (!input.quiet) {
    for (const Error& warning : inventory->warnings) {
      complain(io, "warning: " + to_string(warning));
    }
    say_passed_over(*inventory, io);
  }
  if (inventory->skipped != 0) {
    complain(io,
             std::to_string(inventory->skipped) + (inventory->skipped == 1
                                                       ? " wrong file or object skipped"
                                                       : " wrong files or objects skipped"));
  }
  return std::move(*inventory);
}

int with_foreign_policies(int code,
                          const Inventory& inventory,
                          const StaticInput& input,
                          StaticIo& io) {
  bool any = false;
  for (const ForeignPolicy& policy : inventory.foreign) {
    if (!is_ignored(policy, input.ignored_kinds)) {
      any = true;
      complain(io,
               "WARNING: " + to_string(policy.where) + ": " + policy.kind + " " + policy.name +
                   " (" + policy.api_version +
                   ") is a policy that nettest does not evaluate: what is said here can be wrong; "
                   "--ignore-kind " +
                   policy.kind + " says that you know");
    }
  }
  return any ? static_cast<int>(StaticExit::open) : code;
}

}  // namespace nettest
