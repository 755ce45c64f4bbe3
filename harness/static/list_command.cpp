#include "harness/static/list_command.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "harness/static/classes_text.hpp"
#include "probes/connectivity/connectivity.hpp"
#include "probes/connectivity/exposure.hpp"
#include "results/static_list.hpp"

namespace nettest {

namespace {

constexpr std::string_view kClasses = "classes";

bool is_meant(const Endpoint& endpoint, const std::string& focus) {
  return endpoint.name == focus ||
         (!endpoint.external() && endpoint.name.substr(0, endpoint.name.rfind('[')) == focus);
}

/// The endpoints that rows must touch; all when there is no focus. Empty: nobody is meant.
std::vector<bool> focused(const std::vector<Endpoint>& endpoints, const std::string& focus) {
  std::vector<bool> meant;
  meant.reserve(endpoints.size());
  for (const Endpoint& endpoint : endpoints) {
    meant.push_back(focus.empty() || is_meant(endpoint, focus));
  }
  const bool any = std::find(meant.begin(), meant.end(), true) != meant.end();
  return any || endpoints.empty() || focus.empty() ? meant : std::vector<bool>{};
}

ExposureReport exposure_of(const Inventory& inventory,
                           const Connectivity& connectivity,
                           const std::vector<bool>& meant) {
  ExposureReport report;
  for (std::size_t i = 0; i < meant.size(); ++i) {
    const Endpoint& endpoint = connectivity.endpoints()[i];
    if (!meant[i] || endpoint.external()) {
      continue;
    }
    for (const Direction direction : {Direction::egress, Direction::ingress}) {
      if (!connectivity.isolated(i, direction)) {
        report.unprotected.emplace_back(endpoint.name, direction);
      }
      for (const OpenTo& open : open_to(inventory.state, endpoint, direction)) {
        report.exposures.push_back(
            {endpoint.name, direction, open.peer, to_string(open.connections)});
      }
    }
  }
  return report;
}

void warn_of_mixed(const Connectivity& connectivity, StaticIo& io) {
  for (const std::size_t endpoint : connectivity.mixed()) {
    complain(io,
             "warning: policies treat pods of " + connectivity.endpoints()[endpoint].name +
                 " differently; what any of them may is listed");
  }
}

int unknown_focus(const ListOptions& options, const Connectivity& connectivity, StaticIo& io) {
  std::vector<std::string> names;
  for (const Endpoint& endpoint : connectivity.endpoints()) {
    names.push_back(endpoint.external() ? endpoint.name
                                        : endpoint.name.substr(0, endpoint.name.rfind('[')));
  }
  complain(io,
           "--focus: there is no workload \"" + printable(options.focus) + "\"" +
               spelling_hint(options.focus, names));
  return static_cast<int>(StaticExit::usage);
}

int write_list(const ListOptions& options,
               const Inventory& inventory,
               const Connectivity& connectivity,
               StaticIo& io) {
  const auto meant = focused(connectivity.endpoints(), options.focus);
  if (meant.empty() && !connectivity.endpoints().empty()) {
    return unknown_focus(options, connectivity, io);
  }
  BufferedText out(io.out);
  const ListContext context{connectivity.endpoints(), options.exposure};
  const auto writer = make_list_writer(*parse_list_format(options.format), context, out);
  writer->begin();
  write_list_rows(connectivity, {options.all_pairs, meant}, *writer);
  if (options.exposure) {
    const ExposureReport report = exposure_of(inventory, connectivity, meant);
    writer->finish(&report);
  } else {
    writer->finish(nullptr);
  }
  return static_cast<int>(StaticExit::ok);
}

}  // namespace

int list_command(const ListOptions& options, StaticIo& io) {
  if (!parse_list_format(options.format) && options.format != kClasses) {
    complain(io,
             "-o: want txt, json, csv, md, dot, svg or classes, found \"" +
                 printable(options.format) + "\"");
    return static_cast<int>(StaticExit::usage);
  }
  const auto inventory = load(options.input, io, false);
  if (!inventory) {
    return inventory.error();
  }
  ConnectionTable table;
  ConnectivityOptions wanted;
  if (options.ipv6) {
    wanted.families.push_back(IpFamily::ipv6);
  }
  const Connectivity connectivity(
      inventory->state, inventory->addresses, workload_texts(*inventory), table, wanted);
  warn_of_mixed(connectivity, io);
  int code = static_cast<int>(StaticExit::ok);
  if (options.summary) {
    const auto summary = connectivity.summarize();
    io.out(options.format == "json" ? render_summary_json(summary, table)
                                    : render_summary_txt(summary, table));
  } else if (options.format == kClasses) {
    BufferedText out(io.out);
    write_classes(connectivity, out);
  } else {
    code = write_list(options, *inventory, connectivity, io);
  }
  return with_foreign_policies(code, *inventory, options.input, io);
}

}  // namespace nettest
