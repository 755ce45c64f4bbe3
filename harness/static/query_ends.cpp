#include "harness/static/query_ends.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace nettest {

namespace {

WalkEnd end_of(std::size_t pod, const std::string& name, const Inventory& inventory) {
  WalkEnd end;
  end.name = name;
  end.pod = &inventory.state.world.pods[pod];
  end.home = find_namespace(inventory.state.world, end.pod->id.namespace_name);
  const auto found = inventory.addresses.pods.find(end.pod->id);
  if (found != inventory.addresses.pods.end()) {
    end.addresses = found->second;
  }
  return end;
}

std::vector<WalkEnd> find_address(const IpAddress& address, const Inventory& inventory) {
  const auto& pods = inventory.state.world.pods;
  std::optional<std::size_t> of_host;
  for (std::size_t i = 0; i < pods.size(); ++i) {
    const auto found = inventory.addresses.pods.find(pods[i].id);
    const bool has =
        found != inventory.addresses.pods.end() &&
        std::find(found->second.begin(), found->second.end(), address) != found->second.end();
    if (has && !pods[i].host_network) {
      return {end_of(i, to_string(pods[i].id), inventory)};
    }
    if (has) {
      of_host = i;
    }
  }
  if (of_host) {
    return {end_of(*of_host, to_string(pods[*of_host].id), inventory)};
  }
  WalkEnd outside;
  outside.name = to_string(address);
  outside.addresses = {address};
  return {outside};
}

/// What may be written for a pod, from the narrowest meaning to the widest.
enum class Meaning { pod, workload_with_kind, workload };

std::string text_of(Meaning meaning, std::size_t pod, const Inventory& inventory) {
  const WorkloadName& workload = inventory.workloads[pod];
  switch (meaning) {
    case Meaning::pod:
      return to_string(inventory.state.world.pods[pod].id);
    case Meaning::workload_with_kind:
      return to_string(workload);
    case Meaning::workload:
      break;
  }
  return workload.namespace_name + "/" + workload.name;
}

Result<std::vector<WalkEnd>> find_named(const std::string& flag,
                                        const std::string& text,
                                        const Inventory& inventory) {
  std::vector<std::string> known;
  for (const Meaning meaning : {Meaning::pod, Meaning::workload_with_kind, Meaning::workload}) {
    std::vector<WalkEnd> ends;
    std::set<std::string> workloads;
    for (std::size_t i = 0; i < inventory.workloads.size(); ++i) {
      const std::string name = text_of(meaning, i, inventory);
      if (name == text) {
        ends.push_back(end_of(
            i, meaning == Meaning::pod ? name : to_string(inventory.workloads[i]), inventory));
        workloads.insert(to_string(inventory.workloads[i]));
      }
      known.push_back(name);
    }
    if (workloads.size() > 1) {
      return fail(ErrorKind::usage,
                  flag + ": " + printable(text) + " may be " +
                      join({workloads.begin(), workloads.end()}, " or ") + "; give the kind too");
    }
    if (!ends.empty()) {
      return ends;
    }
  }
  const std::string hint = spelling_hint(text, known);
  return fail(
      ErrorKind::usage,
      flag + ": there is no pod or workload \"" + printable(text) + "\"" +
          (hint.empty() ? "; want NAMESPACE/NAME, NAMESPACE/NAME[KIND] or an address" : hint));
}

Result<std::vector<WalkEnd>> find_end(const std::string& flag,
                                      const std::string& text,
                                      const Inventory& inventory) {
  if (const auto address = IpAddress::parse(text)) {
    return find_address(*address, inventory);
  }
  return find_named(flag, text, inventory);
}

}  // namespace

Result<QueryEnds> find_ends(const std::string& from,
                            const std::string& to,
                            const Inventory& inventory) {
  auto sources = find_end("--from", from, inventory);
  if (!sources) {
    return tl::unexpected(sources.error());
  }
  auto destinations = find_end("--to", to, inventory);
  if (!destinations) {
    return tl::unexpected(destinations.error());
  }
  if (sources->front().pod == nullptr && destinations->front().pod == nullptr) {
    return fail(ErrorKind::usage,
                "--from and --to: " + from + " and " + to +
                    " are both outside of the cluster, where no policy speaks of them");
  }
  return QueryEnds{std::move(*sources), std::move(*destinations)};
}

}  // namespace nettest
