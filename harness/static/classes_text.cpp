#include "harness/static/classes_text.hpp"

#include <string>
#include <vector>

namespace nettest {

namespace {

std::vector<std::string> class_names(const Connectivity& connectivity,
                                     const std::vector<EndpointClass>& classes) {
  std::vector<std::string> names;
  std::size_t number = 0;
  for (const EndpointClass& of_equals : classes) {
    names.push_back(of_equals.members.size() == 1
                        ? connectivity.endpoints()[of_equals.members.front()].name
                        : "class-" + std::to_string(++number));
  }
  return names;
}

}  // namespace

void write_classes(const Connectivity& connectivity, BufferedText& out) {
  const auto classes = connectivity.classes();
  const auto names = class_names(connectivity, classes);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i].members.size() > 1) {
      out.add(names[i] + " = " + std::to_string(classes[i].members.size()) + " workloads:");
      for (const std::uint32_t member : classes[i].members) {
        out.add(" " + connectivity.endpoints()[member].name);
      }
      out.add("\n");
    }
  }
  std::vector<ConnectionId> row;
  for (std::size_t from = 0; from < classes.size(); ++from) {
    connectivity.row(classes[from].members.front(), row);
    for (std::size_t to = 0; to < classes.size(); ++to) {
      // Within a class, what its first member may at another.
      const ConnectionId id =
          row[classes[to].members[from == to ? classes[to].members.size() - 1 : 0]];
      if (id != ConnectionTable::kNone) {
        out.add(names[from] + " => " + names[to] + " : " + connectivity.table().text(id) + "\n");
      }
    }
  }
}

}  // namespace nettest
