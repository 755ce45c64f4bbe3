#include "harness/static/classes_text.hpp"

#include <algorithm>
#include <string>
#include <utility>
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

constexpr std::uint32_t kNoClass = 0xFFFFFFFFU;

/// For each endpoint the class that it stands for as a destination, or kNoClass.
std::vector<std::uint32_t> first_members(const std::vector<EndpointClass>& classes,
                                         std::size_t endpoints) {
  std::vector<std::uint32_t> stands_for(endpoints, kNoClass);
  for (std::uint32_t i = 0; i < classes.size(); ++i) {
    stands_for[classes[i].members.front()] = i;
  }
  return stands_for;
}

/// The classes that a class reaches, in order, from the row of its first member; its own class as
/// that member reaches the last one.
std::vector<std::pair<std::uint32_t, ConnectionId>> reached(
    const std::vector<RowEntry>& row,
    const std::vector<std::uint32_t>& stands_for,
    std::uint32_t own,
    std::uint32_t last_of_own) {
  std::vector<std::pair<std::uint32_t, ConnectionId>> reached;
  for (const RowEntry& entry : row) {
    if (entry.destination == last_of_own) {
      reached.emplace_back(own, entry.connections);
    } else if (stands_for[entry.destination] != kNoClass) {
      reached.emplace_back(stands_for[entry.destination], entry.connections);
    }
  }
  std::sort(reached.begin(), reached.end());
  return reached;
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
  const auto stands_for = first_members(classes, connectivity.endpoints().size());
  std::vector<RowEntry> row;
  for (std::uint32_t from = 0; from < classes.size(); ++from) {
    connectivity.row(classes[from].members.front(), row);
    for (const auto& [to, id] : reached(row, stands_for, from, classes[from].members.back())) {
      out.add(names[from] + " => " + names[to] + " : " + connectivity.table().text(id) + "\n");
    }
  }
}

}  // namespace nettest
