// Suites and manifests of hostile bytes: every reading ends in a value or in errors that can
// be shown. Seeds: the shipped suites and policies, and the bad ones of tests/golden.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/text.hpp"
#include "suites/local_addresses.hpp"
#include "suites/suite_reader.hpp"

namespace {

using nettest::Errors;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Errors are there, have a text, and their text can be printed.
void check_errors(const Errors& errors) {
  require(!errors.empty());
  for (const auto& error : errors) {
    require(!error.message.empty());
    require(!nettest::first_invalid_utf8(to_string(error)));
  }
}

/// What the reader accepted can be done.
void check_suite(const nettest::Suite& suite) {
  require(!suite.cases.empty());
  for (const auto& one : suite.cases) {
    require(!one.steps.empty());
    nettest::ClusterState state{with_cluster_dns(suite.world), {}};
    for (const auto& step : one.steps) {
      for (const auto& change : step.changes) {
        require(apply_change(state, change).has_value());
      }
    }
    require(difference(state, state).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto suite = nettest::read_suite_text(text, "suite.yaml", "/nonexistent")) {
    check_suite(*suite);
  } else {
    check_errors(suite.error());
  }
  const auto policies = nettest::read_policies_text(text, "policies.yaml");
  if (!policies) {
    check_errors(policies.error());
    return 0;
  }
  const nettest::AddressBook addresses = nettest::assign_local_addresses({});
  for (const auto& policy : *policies) {
    require(same_policy(policy, policy));
    const auto resolved = nettest::resolve_placeholders(policy, addresses);
    require(resolved.has_value() || !resolved.error().message.empty());
  }
  return 0;
}
