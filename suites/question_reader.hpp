// Reads what a suite asks and expects: `probes` and `expect`. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/case_state.hpp"
#include "suites/fields.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// The pods and services that exist at some time in a case: those of the world, and those
/// that its steps create.
class KnownNames {
 public:
  explicit KnownNames(const WorldIndex& world) : world_(world) {}

  void begin_case();
  void add_created(const std::vector<Change>& changes);

  [[nodiscard]] bool any_pod(const std::string& pattern);
  [[nodiscard]] bool any_service(const std::string& pattern);
  /// ", did you mean ..." for a pattern that fits nothing.
  [[nodiscard]] std::string hint(const std::string& pattern, bool services) const;

 private:
  const WorldIndex& world_;
  std::map<std::string, bool> pods_of_world_;
  std::map<std::string, bool> services_of_world_;
  std::vector<PodId> created_pods_;
  std::vector<ServiceId> created_services_;
};

/// Matches "namespace/name" against a glob, part by part where the glob has a slash.
bool id_matches(std::string_view pattern, std::string_view namespace_name, std::string_view name);

/// Reads `probes`: a list of pairs and matrices, or one `{matrix: ...}`.
std::vector<ProbeSpec> read_probes(const Node& node, KnownNames& names, Findings& findings);

/// Parses "FROM -> TO" into `expectation`. Says what is wrong, or nothing.
std::optional<std::string> parse_expectation(std::string_view written, Expectation& expectation);

/// Reads `expect`, a list of `{allow: "FROM -> TO"}` and `{deny: ...}`.
std::vector<Expectation> read_expectations(Fields& step, KnownNames& names, Findings& findings);

}  // namespace nettest
