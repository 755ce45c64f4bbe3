// Reads suite files and NetworkPolicy manifests, strictly. The only way in for
// what users write.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "suites/suite.hpp"

namespace nettest {

/// Reads a suite with the manifests that it names (paths are relative to the
/// suite's folder). All errors of all files at once, in text order, each with
/// its place, the offending text and what would be right. Touches the file
/// system for reading.
Checked<Suite> read_suite(const std::filesystem::path& file);

/// The same for a text that is already in memory; `base` is the folder that
/// `file:` entries are relative to.
Checked<Suite> read_suite_text(std::string_view text,
                               const std::string& file_name,
                               const std::filesystem::path& base);

/// Reads every NetworkPolicy of a manifest file (multi-document, List).
/// `default_namespace` is what a manifest without metadata.namespace gets, as
/// `kubectl apply` gives it.
Checked<std::vector<NetworkPolicy>> read_policies_text(
    std::string_view text,
    const std::string& file_name,
    std::string_view default_namespace = "default");

/// Fills every placeholder ($(ip z/c), $(ip6 z/c), $(node-ip n1)) of a policy
/// from `addresses`, and checks what could only be checked now (except inside
/// the block). Kind suite.
Result<NetworkPolicy> resolve_placeholders(const NetworkPolicy& policy,
                                           const AddressBook& addresses);

}  // namespace nettest
