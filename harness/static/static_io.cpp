#include "harness/static/static_io.hpp"

#include <algorithm>

#include "base/text.hpp"
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

}  // namespace

void complain(StaticIo& io, const std::string& text) {
  io.err("nettest: " + text + "\n");
}

std::optional<Inventory> load(const StaticInput& input, StaticIo& io, bool keep_contradictions) {
  ManifestOptions options;
  options.skip_invalid = input.skip_invalid;
  options.keep_contradictions = keep_contradictions;
  auto inventory = read_manifests(input.paths, options, io.in);
  if (!inventory) {
    for (const Error& error : inventory.error()) {
      complain(io, to_string(error));
    }
    complain(io, "nothing was evaluated; --skip-invalid goes on without what is wrong");
    return std::nullopt;
  }
  if (!input.quiet) {
    for (const Error& warning : inventory->warnings) {
      complain(io, "warning: " + to_string(warning));
    }
    say_passed_over(*inventory, io);
  }
  if (inventory->skipped != 0) {
    complain(io, std::to_string(inventory->skipped) + " wrong files or objects skipped");
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
