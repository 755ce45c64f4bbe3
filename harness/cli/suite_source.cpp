#include "harness/cli/suite_source.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.hpp"
#include "harness/runner.hpp"
#include "suites/catalogue/catalogue.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBuiltin = "builtin:";

void append(Errors& all, const Errors& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// Names the file of the same folder that the user may have meant.
std::string near_file(const fs::path& path) {
  std::error_code failed;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  const auto near = nearest(path.filename().string(), names);
  return near ? ", did you mean \"" + (path.parent_path() / *near).string() + "\"?" : "";
}

Checked<Suite> load(const std::string& source) {
  if (source.rfind(kBuiltin, 0) == 0) {
    auto suite = load_builtin(std::string_view(source).substr(kBuiltin.size()));
    return suite ? Checked<Suite>(std::move(*suite)) : tl::unexpected(Errors{suite.error()});
  }
  std::error_code failed;
  if (!fs::exists(source, failed) && !failed) {
    return tl::unexpected(Errors{
        {ErrorKind::usage, "there is no file " + printable(source) + near_file(source), {}}});
  }
  return read_suite(source);
}

}  // namespace

Checked<std::vector<Suite>> load_suites(const std::vector<std::string>& sources) {
  std::vector<Suite> suites;
  Errors errors;
  for (const auto& source : sources) {
    auto loaded = load(source);
    if (loaded) {
      suites.push_back(std::move(*loaded));
    } else {
      append(errors, loaded.error());
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return suites;
}

Checked<std::vector<Suite>> load_suites(const std::vector<std::string>& sources,
                                        const Selection& selection) {
  auto suites = load_suites(sources);
  if (suites) {
    if (auto errors = select_cases(*suites, selection); !errors.empty()) {
      return tl::unexpected(std::move(errors));
    }
  }
  return suites;
}

Result<Suite> load_builtin(std::string_view name) {
  if (auto suite = builtin_suite(name)) {
    return std::move(*suite);
  }
  const auto names = builtin_names();
  const std::string hint = spelling_hint(name, names);
  return fail(ErrorKind::usage,
              "no suite \"" + printable(name) + "\" is built in" + hint +
                  (hint.empty() ? ". " : " ") + "There is: " + join(names, ", "));
}

std::vector<std::string> case_names(const std::vector<Suite>& suites) {
  std::vector<std::string> names;
  for (const auto& suite : suites) {
    for (const auto& value : suite.cases) {
      names.push_back(value.name);
    }
  }
  return names;
}

bool fits_any(const std::string& glob, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return glob_matches(glob, name);
  });
}

Errors check_case_globs(const std::vector<std::string>& globs, const std::vector<Suite>& suites) {
  const std::vector<std::string> names = case_names(suites);
  Errors errors;
  for (const auto& glob : globs) {
    if (!fits_any(glob, names)) {
      errors.push_back({ErrorKind::usage,
                        "--case \"" + printable(glob) + "\" fits no case" +
                            spelling_hint(glob, names) + "; there is: \"" +
                            printable(join(names, "\", \""), 400) + "\"",
                        std::nullopt});
    }
  }
  return errors;
}

}  // namespace nettest
