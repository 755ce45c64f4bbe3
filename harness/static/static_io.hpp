// What the static commands have in common: where they read and write, and how they load manifests
// or a live cluster. Touches files through suites/manifest_files, clusters through cluster_input.
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "harness/kubernetes/kubectl.hpp"
#include "results/static_text.hpp"
#include "suites/manifests.hpp"

namespace nettest {

/// Exit codes of design sections 10 and 12, as far as static commands use them.
enum class StaticExit { ok = 0, found = 1, usage = 2, open = 3 };

/// The streams of a command.
struct StaticIo {
  std::istream& in;
  TextSink out;
  TextSink err;
};

/// Where a command takes its cluster from: manifests, or a live cluster.
struct StaticInput {
  std::vector<std::string> paths;
  ClusterChoice cluster;
  bool skip_invalid = false;
  /// Policy kinds to pass over although nettest does not evaluate them: "Kind" or "Kind.group".
  std::vector<std::string> ignored_kinds;
  bool quiet = false;
};

/// Writes "nettest: <text>\n" to the error stream.
void complain(StaticIo& io, const std::string& text);

/// Says whether a live cluster was chosen.
bool is_live(const StaticInput& input);

/// Reads the input, complains about what is wrong and warns of what is skipped. The exit code when
/// it cannot be used: usage, or open for a cluster that cannot be read.
tl::expected<Inventory, int> load(const StaticInput& input, StaticIo& io, bool keep_contradictions);

/// `code`, or 3 when the input holds policies of kinds that nettest does not evaluate and nobody
/// said to ignore; complains loudly of them.
int with_foreign_policies(int code,
                          const Inventory& inventory,
                          const StaticInput& input,
                          StaticIo& io);

}  // namespace nettest
