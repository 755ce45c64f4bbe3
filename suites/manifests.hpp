// Directories of ordinary Kubernetes manifests as one cluster state: workloads stand in as
// pods, owners give names, what does not matter is counted. Pure; manifest_files.hpp reads.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "suites/world.hpp"

namespace nettest {

/// How outputs name a pod: by its top owner, or by itself.
struct WorkloadName {
  std::string namespace_name;
  std::string name;
  std::string kind;
  /// Where the workload is written.
  Location where;
};

/// Formats as "frontend/webapp[Deployment]".
std::string to_string(const WorkloadName& workload);

/// A policy of a kind that nettest does not evaluate.
struct ForeignPolicy {
  std::string kind;
  std::string api_version;
  /// "namespace/name", or the name alone.
  std::string name;
  Location where;
};

/// An object that is written twice, differently.
struct Contradiction {
  /// "NetworkPolicy", "Deployment", …
  std::string kind;
  std::string name;
  Location where;
  Location first;
};

/// A key of a policy that NetworkPolicy does not have.
struct UnknownKey {
  PolicyId policy;
  Location policy_where;
  /// Names the key, and the one that is near.
  std::string message;
  Location where;
};

/// All that some manifests say. Policies and pods are in order of their names, whatever the order
/// of the files was.
struct Inventory {
  ClusterState state;
  /// Addresses of pods that have a status.
  AddressBook addresses;
  /// Parallel to state.world.pods.
  std::vector<WorkloadName> workloads;
  /// Namespaces that are written, not only mentioned.
  std::set<std::string> declared_namespaces;
  /// Kinds that do not matter to connectivity, and how many objects of each were passed over.
  std::map<std::string, std::size_t> passed_over;
  std::vector<ForeignPolicy> foreign;
  std::vector<Contradiction> contradictions;
  /// Only with keep_faults; otherwise they are among the warnings.
  std::vector<UnknownKey> unknown_keys;
  Errors warnings;
  std::size_t files = 0;
  /// Objects and files that were skipped because they are wrong (only with skip_invalid).
  std::size_t skipped = 0;
};

/// The names of Inventory::workloads as texts.
std::vector<std::string> workload_texts(const Inventory& inventory);

struct ManifestOptions {
  /// Leaves out what is wrong, with a warning, instead of failing.
  bool skip_invalid = false;
  /// What an object without metadata.namespace gets.
  std::string default_namespace = "default";
  /// For `lint`, which makes findings of them: objects that are written twice, differently, are no
  /// errors (the first one counts), and unknown keys of policies no warnings.
  bool keep_faults = false;
};

/// Puts files together. Add every file, then finish.
class ManifestReader {
 public:
  explicit ManifestReader(ManifestOptions options);
  ~ManifestReader();
  ManifestReader(const ManifestReader&) = delete;
  ManifestReader& operator=(const ManifestReader&) = delete;

  /// Adds all objects of a text.
  void add(std::string_view text, const std::string& file_name);
  /// Notes a file that could not be read at all.
  void add_unreadable(const Error& error);

  /// The state, or everything that is wrong. Call once.
  Checked<Inventory> finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace nettest
