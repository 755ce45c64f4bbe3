// Reads what a step changes: create, label, apply, delete, in this order. Pure, but for the
// policy files.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "suites/case_state.hpp"
#include "suites/change.hpp"
#include "suites/fields.hpp"
#include "suites/policy_files.hpp"

namespace nettest {

/// Reads the changes of the steps of one case, in order, and follows what they do to the
/// state: a change that cannot be made is an error with its place.
class ChangeReader {
 public:
  ChangeReader(const WorldIndex& world, PolicyFiles& files, Findings& findings);

  /// Reads the keys create, label, apply and delete of `step`.
  std::vector<Change> read(Fields& step);

 private:
  void create(const Node& entry);
  void label(const Node& entry);
  void label_pod(const Node& target, Fields& fields, const Node& entry);
  void label_namespace(const Node& target, Fields& fields, const Node& entry);
  Labels changed(Labels labels, Fields& fields, const Node& entry);
  void apply(const Node& entry);
  void apply_file(const Node& entry);
  void apply_policy(const NetworkPolicy& policy, const Node& entry);
  void check_placeholders(const NetworkPolicy& policy);
  void check_placeholder(const WrittenCidr& written);
  void remove(const Node& entry);
  /// Reports what the state does not allow; the reading itself is not in doubt.
  void tell(std::string message, const Location& where);
  template <typename Action>
  void make(Action action, std::string_view verb, const Node& entry, const Location& where);

  PolicyFiles& files_;
  Findings& findings_;
  CaseState state_;
  std::vector<Change> changes_;
  std::set<PolicyId> applied_in_step_;
  std::size_t told_ = 0;
  /// Something could not be read, so what exists is not known any more: no complaints
  /// about what is missing.
  bool uncertain_ = false;
};

}  // namespace nettest
