#include "suites/selection.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr const char* kCyclonus = "cyclonus";

/// What cyclonus leaves out unless it is told otherwise (DefaultExcludeTags in its generate
/// command).
const std::vector<std::string>& left_out_by_cyclonus() {
  static const std::vector<std::string> tags = {
      "multi-peer", "upstream-e2e", "example", "end-port", "namespaces-by-default-label"};
  return tags;
}

bool has_any(const Case& value, const std::vector<std::string>& tags) {
  return std::find_first_of(value.tags.begin(), value.tags.end(), tags.begin(), tags.end()) !=
         value.tags.end();
}

bool is_chosen(const Case& value, const Selection& selection) {
  const bool alike = selection.like.empty() ||
                     (has_any(value, {kCyclonus}) && !has_any(value, left_out_by_cyclonus()));
  return alike && (selection.tags.empty() || has_any(value, selection.tags)) &&
         !has_any(value, selection.excludes);
}

std::vector<std::string> tags_of(const std::vector<Suite>& suites) {
  std::set<std::string> tags;
  for (const auto& suite : suites) {
    for (const auto& value : suite.cases) {
      tags.insert(value.tags.begin(), value.tags.end());
    }
  }
  return {tags.begin(), tags.end()};
}

void check_tags(const std::vector<std::string>& wanted,
                const std::string& flag,
                const std::vector<std::string>& known,
                Errors& errors) {
  for (const auto& tag : wanted) {
    if (std::find(known.begin(), known.end(), tag) != known.end()) {
      continue;
    }
    const std::string hint = spelling_hint(tag, known);
    const std::string others =
        known.empty() ? "There are no tags" : "There is: " + printable(join(known, ", "), 1000);
    errors.push_back({ErrorKind::usage,
                      flag + ": no case has the tag \"" + printable(tag) + "\"" + hint +
                          (hint.empty() ? ". " : " ") + others,
                      std::nullopt});
  }
}

void remove_others(std::vector<Suite>& suites, const Selection& selection) {
  for (auto& suite : suites) {
    std::erase_if(suite.cases, [&](const Case& value) { return !is_chosen(value, selection); });
  }
  std::erase_if(suites, [](const Suite& suite) { return suite.cases.empty(); });
}

}  // namespace

Errors select_cases(std::vector<Suite>& suites, const Selection& selection) {
  if (selection.empty()) {
    return {};
  }
  Errors errors;
  const auto known = tags_of(suites);
  check_tags(selection.tags, "--tag", known, errors);
  check_tags(selection.excludes, "--exclude", known, errors);
  if (!selection.like.empty() && selection.like != kCyclonus) {
    errors.push_back({ErrorKind::usage,
                      "--like: no selection is called \"" + printable(selection.like) + "\"" +
                          spelling_hint(selection.like, {kCyclonus}) + "; there is: cyclonus",
                      std::nullopt});
  }
  if (!errors.empty()) {
    return errors;
  }
  remove_others(suites, selection);
  if (suites.empty()) {
    errors.push_back(
        {ErrorKind::usage, "--tag, --exclude and --like together leave no case", std::nullopt});
  }
  return errors;
}

}  // namespace nettest
