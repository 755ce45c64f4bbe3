#include "suites/policy_files.hpp"

#include <utility>

#include "suites/policy_reader.hpp"

namespace nettest {

PolicyFiles::PolicyFiles(std::filesystem::path base, Findings& findings)
    : base_(std::move(base)), findings_(findings) {}

const std::vector<NetworkPolicy>* PolicyFiles::read(const Node& node, const std::string& path) {
  const auto file = (base_ / path).lexically_normal();
  auto known = read_.find(file);
  if (known == read_.end()) {
    known = read_.emplace(file, load(node, file)).first;
  }
  return known->second ? &*known->second : nullptr;
}

std::optional<std::vector<NetworkPolicy>> PolicyFiles::load(const Node& node,
                                                            const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) {
    findings_.error(node, "file: " + file.string() + " " + text.error().message);
    return std::nullopt;
  }
  const auto documents = parse_documents(*text, file.string());
  if (!documents) {
    for (const auto& error : documents.error()) {
      findings_.add(error);
    }
    return std::nullopt;
  }
  Findings own(file.string(), findings_.unknown_keys());
  auto policies = read_policies(*documents, "default", own);
  for (const auto& error : own.errors()) {
    findings_.add(error);
  }
  for (const auto& warning : own.warnings()) {
    findings_.add_warning(warning);
  }
  if (own.error_count() > 0) {
    return std::nullopt;
  }
  if (policies.empty()) {
    findings_.error(node, "file: " + file.string() + " has no NetworkPolicy in it");
    return std::nullopt;
  }
  return policies;
}

}  // namespace nettest
