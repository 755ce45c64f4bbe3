// What all Kubernetes manifests have in common: apiVersion, kind, metadata, lists, labels
// and selectors. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/document.hpp"
#include "suites/fields.hpp"
#include "suites/network_policy.hpp"

namespace nettest {

/// One object of a manifest file.
struct Manifest {
  std::string api_version;
  std::string kind;
  const Node* node = nullptr;
};

/// The objects of a file in order, `kind: List` and typed lists (NetworkPolicyList)
/// unfolded; items of a typed list take apiVersion and kind from it where they have
/// none. What is no object, or lacks apiVersion or kind, is an error.
std::vector<Manifest> manifests_of(const Documents& documents, Findings& findings);

/// The same for one value, an inline manifest for example.
std::vector<Manifest> manifests_of(const Node& root, Findings& findings);

/// The part of metadata that matters to connectivity. Server-set fields are accepted
/// and passed over.
struct ObjectMeta {
  std::string name;
  /// Absent: whatever `kubectl apply` would take.
  std::optional<std::string> namespace_name;
  Labels labels;
  /// The list as written, or nullptr; for naming a workload by its controller.
  const Node* owner_references = nullptr;
  /// Where the name stands, or where it is missing.
  const Node* place = nullptr;
};

/// What a kind allows as its name.
enum class NameRule { dns_label, dns_subdomain, service_name };

/// Reads `metadata` of `object`, and says everything that is wrong with it.
ObjectMeta read_metadata(Fields& object, NameRule rule, Findings& findings);

/// Reads a name by its rule; nothing (and an error) when it breaks it.
std::optional<std::string> read_name(const Node& node,
                                     NameRule rule,
                                     std::string_view what,
                                     Findings& findings);

/// Reads a map of labels. Keys and values that the API server refuses are errors.
Labels read_labels(const Node& node, std::string_view what, Findings& findings);

/// Reads a metav1.LabelSelector: `{}` selects everything.
LabelSelector read_selector(const Node& node, std::string_view what, Findings& findings);

/// Reads "TCP", "UDP" or "SCTP".
std::optional<Protocol> read_protocol(const Node& node, Findings& findings);

}  // namespace nettest
