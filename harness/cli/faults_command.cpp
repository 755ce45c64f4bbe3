#include <algorithm>

#include "base/text.hpp"
#include "harness/cli/commands.hpp"
#include "harness/local/faults/listed.hpp"
#include "results/fault_list.hpp"
#include "suites/bug_class.hpp"

namespace nettest {

namespace {

Errors unknown_classes(const std::vector<std::string>& wanted) {
  const std::vector<std::string> known = bug_class_codes();
  Errors errors;
  for (const std::string& code : wanted) {
    if (std::find(known.begin(), known.end(), code) == known.end()) {
      errors.push_back(
          {ErrorKind::usage,
           "there is no class \"" + printable(code) + "\"; there is: " + join(known, ", "),
           std::nullopt});
    }
  }
  return errors;
}

}  // namespace

int faults_command(const CommandLine& line, Console& console) {
  if (const Errors errors = unknown_classes(line.classes); !errors.empty()) {
    return complain_about(errors, console);
  }
  std::vector<ListedClass> classes = listed_faults();
  if (!line.classes.empty()) {
    std::erase_if(classes, [&](const ListedClass& one) {
      return std::find(line.classes.begin(), line.classes.end(), one.code) == line.classes.end();
    });
  }
  console.out.write(line.output == "json" ? render_faults_json(classes)
                    : line.output == "md" ? render_faults_markdown(classes)
                                          : render_faults(classes, console.style_of(console.out)));
  return 0;
}

}  // namespace nettest
