#include "harness/cli/known_source.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "harness/cli/known_profiles.hpp"
#include "harness/cli/suite_source.hpp"

namespace nettest {

namespace {

constexpr std::string_view kBuiltin = "builtin:";

Checked<KnownList> load(const std::string& source) {
  if (source.rfind(kBuiltin, 0) != 0) {
    return read_known(source);
  }
  const std::string name = source.substr(kBuiltin.size());
  for (const auto& profile : kKnownProfiles) {
    if (profile.name == name) {
      return read_known_text(profile.text, source);
    }
  }
  const auto names = known_profiles();
  return tl::unexpected(Errors{{ErrorKind::usage,
                                "no list of known deviations is called " + printable(source) +
                                    spelling_hint(name, names) + "; there is: " + join(names, ", "),
                                std::nullopt}});
}

bool is_builtin(const KnownDeviation& deviation) {
  return deviation.where.file.rfind(kBuiltin, 0) == 0;
}

}  // namespace

std::vector<std::string> known_profiles() {
  std::vector<std::string> names;
  for (const auto& profile : kKnownProfiles) {
    names.emplace_back(profile.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Checked<std::vector<KnownDeviation>> load_known(const std::vector<std::string>& sources) {
  std::vector<KnownDeviation> known;
  Errors errors;
  for (const auto& source : sources) {
    auto list = load(source);
    if (list) {
      std::move(list->deviations.begin(), list->deviations.end(), std::back_inserter(known));
    } else {
      errors.insert(errors.end(), list.error().begin(), list.error().end());
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return known;
}

std::vector<std::string> known_misfits(const std::vector<KnownDeviation>& known,
                                       const std::vector<std::string>& case_names) {
  std::vector<std::string> misfits;
  for (const auto& deviation : known) {
    if (!fits_any(deviation.case_glob, case_names) && !is_builtin(deviation)) {
      misfits.push_back(to_string(deviation.where) + ": \"" + printable(deviation.case_glob) +
                        "\" fits no case" + spelling_hint(deviation.case_glob, case_names) +
                        "; correct it or remove it from the list");
    }
  }
  return misfits;
}

}  // namespace nettest
