// How time and memory of the static commands grow with the cluster: the scale table. Each command
// runs in a process of its own, forked after the manifests were read, and is ended when it takes
// too long. Takes the flags of Google Benchmark that `./dev bench` gives.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <regex>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "bench/scale_cluster.hpp"
#include "harness/static/classes_text.hpp"
#include "probes/connectivity/difference.hpp"
#include "probes/connectivity/walk.hpp"
#include "probes/targets.hpp"
#include "results/static_diff.hpp"
#include "results/static_explain.hpp"
#include "results/static_list.hpp"
#include "suites/manifest_files.hpp"

namespace nettest::bench {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

/// Of the processor.
constexpr unsigned kMostSeconds = 30;
constexpr double kMiB = 1024.0 * 1024.0;

/// What a measured process tells its parent.
struct Measured {
  double milliseconds = 0;
  /// Of the processor: what counts on a machine that does other things too.
  double cpu_milliseconds = 0;
  double peak_mib = 0;
  double written_mib = 0;
};

struct Line {
  ScaleCluster cluster;
  std::string command;
  /// Nothing: it took too long, or failed.
  std::optional<Measured> measured;
};

/// Text that is counted and thrown away.
struct Counted {
  std::uint64_t bytes = 0;
  TextSink sink() {
    return [this](std::string_view text) { bytes += text.size(); };
  }
};

using Work = std::function<void(const Inventory&, Counted&)>;

double cpu_milliseconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

double peak_mib() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024.0;
}

/// Runs `work` in a child and returns what it measured.
std::optional<Measured> measured(const std::function<Measured()>& work) {
  int ends[2];
  if (pipe(ends) != 0) {
    return std::nullopt;
  }
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit most{kMostSeconds, kMostSeconds};
    setrlimit(RLIMIT_CPU, &most);
    const Measured result = work();
    const bool told = write(ends[1], &result, sizeof result) == sizeof result;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  Measured result;
  const bool heard = read(ends[0], &result, sizeof result) == sizeof result;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return heard && status == 0 ? std::optional(result) : std::nullopt;
}

void list_rows(const Inventory& inventory, Counted& counted) {
  ConnectionTable table;
  const Connectivity connectivity(
      inventory.state, inventory.addresses, workload_texts(inventory), table);
  BufferedText out(counted.sink());
  const auto writer = make_list_writer(ListFormat::txt, {connectivity.endpoints()}, out);
  write_list_rows(connectivity, {}, *writer);
}

void summary(const Inventory& inventory, Counted& counted) {
  ConnectionTable table;
  const Connectivity connectivity(
      inventory.state, inventory.addresses, workload_texts(inventory), table);
  counted.sink()(render_summary_txt(connectivity.summarize(), table));
}

void classes(const Inventory& inventory, Counted& counted) {
  ConnectionTable table;
  const Connectivity connectivity(
      inventory.state, inventory.addresses, workload_texts(inventory), table);
  BufferedText out(counted.sink());
  write_classes(connectivity, out);
}

void explain(const Inventory& inventory, Counted& counted) {
  counted.sink()(render_targets_txt(simplified(targets_of(inventory.state.policies))));
}

void query(const Inventory& inventory, Counted& counted) {
  const auto end_of = [&](const Pod& pod) {
    return WalkEnd{to_string(pod.id),
                   &pod,
                   find_namespace(inventory.state.world, pod.id.namespace_name),
                   inventory.addresses.pods.at(pod.id)};
  };
  const auto& pods = inventory.state.world.pods;
  const WalkQuestion question{end_of(pods.front()), end_of(pods.back()), Protocol::tcp, 8080};
  counted.bytes += walk(inventory.state.policies, question).note.size();
}

/// One policy in ten is gone.
void diff(const Inventory& inventory, Counted& counted) {
  std::vector<NetworkPolicy> fewer;
  for (std::size_t i = 0; i < inventory.state.policies.size(); ++i) {
    if (i % 10 != 9) {
      fewer.push_back(inventory.state.policies[i]);
    }
  }
  const ClusterState after{inventory.state.world, fewer};
  ConnectionTable table;
  const auto names = workload_texts(inventory);
  ConnectivityOptions options;
  options.also_tell_apart = block_sets_of(inventory.state.policies);
  const Connectivity old(inventory.state, inventory.addresses, names, table, options);
  const Connectivity now(after, inventory.addresses, names, table, options);
  BufferedText out(counted.sink());
  write_diff({{old, inventory.state.policies}, {now, after.policies}}, DiffFormat::txt, out);
}

struct Command {
  const char* name;
  Work work;
};

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {{"list --summary", summary},
                                                 {"list", list_rows},
                                                 {"list -o classes", classes},
                                                 {"diff", diff},
                                                 {"explain --simplify", explain},
                                                 {"query", query}};
  return kCommands;
}

const std::vector<ScaleCluster>& clusters() {
  static const std::vector<ScaleCluster> kClusters = {{100, 10, LabelSets::real},
                                                      {100, 10, LabelSets::different},
                                                      {1000, 100, LabelSets::real},
                                                      {1000, 100, LabelSets::different},
                                                      {10000, 10, LabelSets::different},
                                                      {10000, 1000, LabelSets::real},
                                                      {10000, 1000, LabelSets::different},
                                                      {10000, 10000, LabelSets::different},
                                                      {100000, 10000, LabelSets::real},
                                                      {100000, 10000, LabelSets::different}};
  return kClusters;
}

void print_heading() {
  fmt::print("{:>7} {:>8} {:<10} {:<20} {:>12} {:>12} {:>10} {:>12}\n",
             "pods",
             "policies",
             "labels",
             "command",
             "time ms",
             "cpu ms",
             "peak MiB",
             "output MiB");
}

void print(const Line& line) {
  const std::string place =
      fmt::format("{:>7} {:>8} {:<10} {:<20}",
                  line.cluster.pods,
                  line.cluster.policies,
                  line.cluster.labels == LabelSets::real ? "real" : "different",
                  line.command);
  if (line.measured) {
    const Measured& is = *line.measured;
    fmt::print("{} {:>12.1f} {:>12.1f} {:>10.0f} {:>12.1f}\n",
               place,
               is.milliseconds,
               is.cpu_milliseconds,
               is.peak_mib,
               is.written_mib);
  } else {
    fmt::print("{} {:>12}\n", place, fmt::format("> {} s", kMostSeconds));
  }
  std::fflush(stdout);
}

std::string name_of(const ScaleCluster& cluster, const std::string& command) {
  return "scale/" + to_string(cluster) + "/" + command;
}

/// A cluster on disk, gone with this value.
class Folder {
 public:
  explicit Folder(const ScaleCluster& cluster) {
    std::string name = (fs::temp_directory_path() / "nettest-scale-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      std::perror("mkdtemp");
      std::exit(1);
    }
    path_ = name;
    write_manifests(cluster, path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

Measured timed(const std::function<void(Counted&)>& work) {
  Counted counted;
  const auto begin = Steady::now();
  const double cpu_before = cpu_milliseconds();
  work(counted);
  const std::chrono::duration<double, std::milli> took = Steady::now() - begin;
  return {took.count(),
          cpu_milliseconds() - cpu_before,
          peak_mib(),
          static_cast<double>(counted.bytes) / kMiB};
}

void measure(const ScaleCluster& cluster, const std::regex& filter, std::vector<Line>& lines) {
  std::vector<Command> wanted;
  for (const Command& command : commands()) {
    if (std::regex_search(name_of(cluster, command.name), filter)) {
      wanted.push_back(command);
    }
  }
  if (wanted.empty()) {
    return;
  }
  const auto tell = [&](const std::string& command, const std::optional<Measured>& result) {
    lines.push_back({cluster, command, result});
    print(lines.back());
  };
  const Folder folder(cluster);
  std::optional<Inventory> inventory;
  const auto reading = [&] {
    return timed([&](Counted&) {
      auto read = read_manifests({folder.path()}, {}, std::cin);
      if (read) {
        inventory = std::move(*read);
      }
    });
  };
  // In a process of its own for its peak, and once more here for the commands.
  tell("(reading)", measured(reading));
  reading();
  if (!inventory) {
    fmt::print(stderr, "{}: the manifests cannot be read\n", to_string(cluster));
    return;
  }
  for (const Command& command : wanted) {
    tell(command.name, measured([&] {
           return timed([&](Counted& counted) { command.work(*inventory, counted); });
         }));
  }
}

void write_json(const std::vector<Line>& lines, const std::string& path) {
  std::ofstream file(path);
  file << "{\"benchmarks\": [";
  const char* separator = "\n";
  for (const Line& line : lines) {
    const std::string name = name_of(line.cluster, line.command);
    file
        << separator
        << (line.measured
                ? fmt::format(
                      R"(  {{"name": "{}", "real_time": {}, "cpu_time": {}, "time_unit": "ms", "peak_mib": {}, "output_mib": {}}})",
                      name,
                      line.measured->milliseconds,
                      line.measured->cpu_milliseconds,
                      line.measured->peak_mib,
                      line.measured->written_mib)
                : fmt::format(R"(  {{"name": "{}", "error_occurred": true}})", name));
    separator = ",\n";
  }
  file << "\n]}\n";
}

int run(const std::vector<std::string>& args) {
  std::string out;
  std::string filter = ".*";
  for (const std::string& arg : args) {
    const auto value = [&](const std::string& flag) {
      return arg.rfind(flag, 0) == 0 ? std::optional(arg.substr(flag.size())) : std::nullopt;
    };
    out = value("--benchmark_out=").value_or(out);
    filter = value("--benchmark_filter=").value_or(filter);
  }
  std::vector<Line> lines;
  print_heading();
  for (const ScaleCluster& cluster : clusters()) {
    measure(cluster, std::regex(filter), lines);
  }
  if (!out.empty()) {
    write_json(lines, out);
  }
  return 0;
}

}  // namespace
}  // namespace nettest::bench

int main(int argc, char** argv) {
  return nettest::bench::run({argv + 1, argv + argc});
}
