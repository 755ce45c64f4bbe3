#include "suites/policy_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "suites/placeholders.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {

namespace {

constexpr std::string_view kApiVersion = "networking.k8s.io/v1";
constexpr std::string_view kKind = "NetworkPolicy";

struct PolicyTypes {
  bool ingress = true;
  bool egress = false;
  bool written = false;
};

/// Reads policyTypes. Absent or empty: Ingress always, Egress where there are egress
/// rules (SetDefaults_NetworkPolicy).
PolicyTypes read_policy_types(Fields& spec, bool has_egress, Findings& findings) {
  const auto written = spec.list("policyTypes");
  if (written.empty()) {
    return {true, has_egress, false};
  }
  PolicyTypes types{false, false, true};
  constexpr std::size_t kMost = 2;
  if (written.size() > kMost) {
    findings.error(*written[kMost], "policyTypes: may not have more than two entries");
  }
  for (const Node* item : written) {
    const auto text = read_text(*item, "policyTypes", findings);
    if (!text) {
      continue;
    }
    types.ingress = types.ingress || *text == "Ingress";
    types.egress = types.egress || *text == "Egress";
    if (*text != "Ingress" && *text != "Egress") {
      findings.error(*item,
                     "policyTypes: want Ingress or Egress, found \"" + printable(*text) + "\"" +
                         spelling_hint(*text, {"Ingress", "Egress"}));
    }
  }
  return types;
}

void read_spec(const Node& node, NetworkPolicy& policy, Findings& findings) {
  Fields spec(node, "spec", findings);
  if (const Node* selector = spec.get("podSelector")) {
    policy.pod_selector = read_selector(*selector, "podSelector", findings);
  }
  for (const Node* rule : spec.list("ingress")) {
    policy.ingress.push_back(read_policy_rule(*rule, Direction::ingress, findings));
  }
  for (const Node* rule : spec.list("egress")) {
    policy.egress.push_back(read_policy_rule(*rule, Direction::egress, findings));
  }
  const auto types = read_policy_types(spec, !policy.egress.empty(), findings);
  policy.isolates_ingress = types.ingress;
  policy.isolates_egress = types.egress;
  policy.policy_types_written = types.written;
  spec.finish();
}

Result<Cidr> resolve(const WrittenCidr& written, const AddressBook& addresses) {
  if (written.cidr) {
    return *written.cidr;
  }
  const auto text = fill_placeholders(written.written, addresses);
  auto cidr = text ? read_cidr(*text) : Result<Cidr>(tl::unexpected(text.error()));
  if (!cidr) {
    return fail(ErrorKind::suite, cidr.error().message, written.where);
  }
  return cidr;
}

Result<void> resolve_block(IpBlock& block, const AddressBook& addresses) {
  const auto cidr = resolve(block.cidr, addresses);
  if (!cidr) {
    return tl::unexpected(cidr.error());
  }
  block.cidr.cidr = *cidr;
  for (auto& except : block.except) {
    const auto part = resolve(except, addresses);
    if (!part) {
      return tl::unexpected(part.error());
    }
    if (const auto fault = fault_of_except(*cidr, *part)) {
      return fail(ErrorKind::suite, "except: " + *fault, except.where);
    }
    except.cidr = *part;
  }
  return {};
}

}  // namespace

bool is_network_policy(const Manifest& manifest, Findings& findings) {
  if (manifest.kind != kKind) {
    return false;
  }
  if (manifest.api_version == kApiVersion) {
    return true;
  }
  const bool foreign = manifest.api_version.find('.') != std::string::npos &&
                       !manifest.api_version.starts_with("networking.k8s.io/");
  if (!foreign) {
    const Node* written = manifest.node->find("apiVersion");
    findings.error(written == nullptr ? *manifest.node : *written,
                   "apiVersion: a NetworkPolicy is of " + std::string(kApiVersion) + ", found \"" +
                       printable(manifest.api_version) + "\"");
  }
  return false;
}

bool is_foreign_policy(const Manifest& manifest) {
  if (manifest.kind == kKind) {
    return manifest.api_version.find('.') != std::string::npos &&
           !manifest.api_version.starts_with("networking.k8s.io/");
  }
  constexpr std::array<std::string_view, 4> kOthers = {
      "AuthorizationPolicy", "PeerAuthentication", "Sidecar", "NetworkPolicyConditional"};
  return manifest.kind.ends_with("NetworkPolicy") ||
         std::find(kOthers.begin(), kOthers.end(), manifest.kind) != kOthers.end();
}

std::optional<NetworkPolicy> read_policy(const Manifest& manifest,
                                         std::string_view default_namespace,
                                         Findings& findings) {
  const auto errors_before = findings.error_count();
  Fields object(*manifest.node, kKind, findings);
  object.skip({"apiVersion", "kind", "status"});
  auto meta = read_metadata(object, NameRule::dns_subdomain, findings);
  NetworkPolicy policy;
  policy.id = {meta.namespace_name.value_or(std::string(default_namespace)), std::move(meta.name)};
  policy.labels = std::move(meta.labels);
  policy.where = findings.place(*meta.place);
  if (const Node* spec = object.get("spec")) {
    read_spec(*spec, policy, findings);
  } else {
    findings.warning(*manifest.node,
                     "NetworkPolicy: \"spec\" is missing: it isolates every pod of its namespace "
                     "from ingress");
    policy.policy_types_written = false;
  }
  object.finish();
  return findings.error_count() == errors_before ? std::optional(policy) : std::nullopt;
}

std::vector<NetworkPolicy> read_policies(const Documents& documents,
                                         std::string_view default_namespace,
                                         Findings& findings) {
  std::vector<NetworkPolicy> policies;
  for (const auto& manifest : manifests_of(documents, findings)) {
    if (is_network_policy(manifest, findings)) {
      if (auto policy = read_policy(manifest, default_namespace, findings)) {
        policies.push_back(std::move(*policy));
      }
    } else if (is_foreign_policy(manifest)) {
      findings.error(*manifest.node,
                     printable(manifest.kind) + " of " + printable(manifest.api_version) +
                         " is a policy that nettest does not evaluate");
    } else if (manifest.kind != kKind) {
      findings.warning(*manifest.node, printable(manifest.kind) + " is passed over");
    }
  }
  return policies;
}

Checked<std::vector<NetworkPolicy>> read_policies_text(std::string_view text,
                                                       const std::string& file_name,
                                                       std::string_view default_namespace) {
  const auto documents = parse_documents(text, file_name);
  if (!documents) {
    return tl::unexpected(documents.error());
  }
  Findings findings(file_name);
  auto policies = read_policies(*documents, default_namespace, findings);
  if (findings.error_count() > 0) {
    return tl::unexpected(findings.errors());
  }
  return policies;
}

Result<NetworkPolicy> resolve_placeholders(const NetworkPolicy& policy,
                                           const AddressBook& addresses) {
  NetworkPolicy resolved = policy;
  for (auto* rules : {&resolved.ingress, &resolved.egress}) {
    for (auto& rule : *rules) {
      for (auto& peer : rule.peers) {
        if (!peer.ip_block) {
          continue;
        }
        if (auto done = resolve_block(*peer.ip_block, addresses); !done) {
          return tl::unexpected(done.error());
        }
      }
    }
  }
  return resolved;
}

}  // namespace nettest
