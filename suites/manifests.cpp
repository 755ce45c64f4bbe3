#include "suites/manifests.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "suites/manifest.hpp"
#include "suites/owners.hpp"
#include "suites/policy_reader.hpp"
#include "suites/suite_reader.hpp"
#include "suites/workloads.hpp"

namespace nettest {

namespace {

/// A number for what a value says, whatever the order of its keys is.
std::uint64_t fingerprint(const Node& node) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;
  const auto mixed = [](std::uint64_t value) {
    value = (value ^ (value >> 31U)) * kMix;
    return value ^ (value >> 29U);
  };
  std::uint64_t sum = mixed(static_cast<std::uint64_t>(node.kind) + 1);
  if (node.is_scalar()) {
    sum += std::hash<std::string_view>{}(node.text);
    sum += static_cast<std::uint64_t>(type_of(node)) << 60U;
  }
  for (const Node* item : node.items) {
    sum = mixed(sum) + fingerprint(*item);
  }
  for (const auto& [key, value] : node.entries) {
    sum += mixed(std::hash<std::string_view>{}(key->text) * kMix + fingerprint(*value));
  }
  return mixed(sum);
}

std::string name_of(const Manifest& manifest) {
  const Node* metadata = manifest.node->find("metadata");
  const auto text = [&](std::string_view key) {
    const Node* value = metadata == nullptr ? nullptr : metadata->find(key);
    return value != nullptr && value->is_scalar() ? std::string(value->text) : std::string();
  };
  const std::string ns = text("namespace");
  return ns.empty() ? text("name") : ns + "/" + text("name");
}

}  // namespace

struct ManifestReader::Parts {
  struct Seen {
    std::uint64_t fingerprint = 0;
    Location where;
  };

  explicit Parts(ManifestOptions given) : options(std::move(given)) {}

  void take(const Manifest& manifest, const std::string& file);
  bool is_new(const Manifest& manifest, const std::string& name, const Location& where);
  void take_workload(const Manifest& manifest, Findings& findings);
  void take_policy(const Manifest& manifest, Findings& findings);
  void take_service(const Manifest& manifest, Findings& findings);
  void take_namespace(const Manifest& manifest, Findings& findings);
  /// Keeps what was found; with skip_invalid errors become warnings of something skipped.
  void settle(const Findings& findings);
  void fail_with(const Errors& found);

  ManifestOptions options;
  Inventory inventory;
  std::vector<ReadWorkload> workloads;
  std::unordered_map<std::string, Seen> seen;
  Errors errors;
};

void ManifestReader::Parts::fail_with(const Errors& found) {
  if (!options.skip_invalid) {
    errors.insert(errors.end(), found.begin(), found.end());
    return;
  }
  ++inventory.skipped;
  for (const Error& error : found) {
    inventory.warnings.push_back(error.while_doing("skipped"));
  }
}

void ManifestReader::Parts::settle(const Findings& findings) {
  const Errors warnings = findings.warnings();
  inventory.warnings.insert(inventory.warnings.end(), warnings.begin(), warnings.end());
  if (findings.error_count() > 0) {
    fail_with(findings.errors());
  }
}

bool ManifestReader::Parts::is_new(const Manifest& manifest,
                                   const std::string& name,
                                   const Location& where) {
  const Seen now{fingerprint(*manifest.node), where};
  const auto [entry, fresh] = seen.try_emplace(manifest.kind + " " + name, now);
  if (fresh) {
    return true;
  }
  const Location& first = entry->second.where;
  if (entry->second.fingerprint == now.fingerprint) {
    inventory.warnings.push_back(
        {ErrorKind::suite,
         manifest.kind + " " + name + " is written twice, the same; first at " + to_string(first),
         where});
    return false;
  }
  inventory.contradictions.push_back({manifest.kind, name, where, first});
  if (!options.keep_faults) {
    fail_with({{ErrorKind::suite,
                manifest.kind + " " + name + " is written twice, differently; first at " +
                    to_string(first) + "; remove one of them, or give it another name",
                where}});
  }
  return false;
}

void ManifestReader::Parts::take_workload(const Manifest& manifest, Findings& findings) {
  auto workload = read_workload(manifest, options.default_namespace, findings);
  if (!workload) {
    return;
  }
  const OwnerKey& self = workload->self;
  if (is_new(manifest, self.namespace_name + "/" + self.name, workload->pod.where)) {
    workloads.push_back(std::move(*workload));
  }
}

void ManifestReader::Parts::take_policy(const Manifest& manifest, Findings& findings) {
  const auto policy = read_policy(manifest, options.default_namespace, findings);
  if (!policy) {
    return;
  }
  if (options.keep_faults) {
    for (const Error& unknown : findings.take_unknown_keys()) {
      inventory.unknown_keys.push_back(
          {policy->id, policy->where, unknown.message, unknown.where.value_or(policy->where)});
    }
  }
  auto resolved = resolve_placeholders(*policy, {});
  if (!resolved) {
    findings.add(resolved.error());
    return;
  }
  if (is_new(manifest, to_string(policy->id), policy->where)) {
    inventory.state.policies.push_back(std::move(*resolved));
  }
}

void ManifestReader::Parts::take_service(const Manifest& manifest, Findings& findings) {
  auto service = read_service(manifest, options.default_namespace, findings);
  const bool counts = service && is_new(manifest, to_string(service->id), service->where);
  // Without a selector nobody but its own Endpoints knows the service's pods.
  if (counts && !service->selector.empty()) {
    inventory.state.world.services.push_back(std::move(*service));
  }
}

void ManifestReader::Parts::take_namespace(const Manifest& manifest, Findings& findings) {
  auto ns = read_namespace(manifest, findings);
  if (ns && is_new(manifest, ns->name, ns->where)) {
    inventory.declared_namespaces.insert(ns->name);
    inventory.state.world.namespaces.push_back(std::move(*ns));
  }
}

void ManifestReader::Parts::take(const Manifest& manifest, const std::string& file) {
  Findings findings(file, Severity::warning);
  if (is_network_policy(manifest, findings)) {
    take_policy(manifest, findings);
  } else if (is_foreign_policy(manifest)) {
    inventory.foreign.push_back(
        {manifest.kind, manifest.api_version, name_of(manifest), findings.place(*manifest.node)});
  } else if (is_workload(manifest)) {
    take_workload(manifest, findings);
  } else if (is_service(manifest)) {
    take_service(manifest, findings);
  } else if (is_namespace(manifest)) {
    take_namespace(manifest, findings);
  } else if (findings.error_count() == 0) {
    ++inventory.passed_over[printable(manifest.kind)];
  }
  settle(findings);
}

ManifestReader::ManifestReader(ManifestOptions options)
    : parts_(std::make_unique<Parts>(std::move(options))) {}

ManifestReader::~ManifestReader() = default;

void ManifestReader::add(std::string_view text, const std::string& file_name) {
  ++parts_->inventory.files;
  const auto documents = parse_documents(text, file_name);
  if (!documents) {
    parts_->fail_with(documents.error());
    return;
  }
  Findings findings(file_name, Severity::warning);
  const auto manifests = manifests_of(*documents, findings);
  parts_->settle(findings);
  for (const Manifest& manifest : manifests) {
    parts_->take(manifest, file_name);
  }
}

void ManifestReader::add_unreadable(const Error& error) {
  parts_->fail_with({error});
}

Checked<Inventory> ManifestReader::finish() {
  if (!parts_->errors.empty()) {
    return tl::unexpected(std::move(parts_->errors));
  }
  Inventory inventory = std::move(parts_->inventory);
  add_workloads(parts_->workloads, inventory);
  add_mentioned_namespaces(inventory);
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  auto& state = inventory.state;
  std::stable_sort(state.policies.begin(), state.policies.end(), by_id);
  std::stable_sort(state.world.services.begin(), state.world.services.end(), by_id);
  std::stable_sort(state.world.namespaces.begin(),
                   state.world.namespaces.end(),
                   [](const Namespace& a, const Namespace& b) { return a.name < b.name; });
  return inventory;
}

}  // namespace nettest
