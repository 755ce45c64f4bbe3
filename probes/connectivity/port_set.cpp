#include "probes/connectivity/port_set.hpp"

#include <algorithm>

namespace nettest {

PortSet::PortSet(PortRange range) {
  range.first = std::max(range.first, kFirst);
  if (range.first <= range.last) {
    ranges_.push_back(range);
  }
}

bool PortSet::full() const {
  return ranges_.size() == 1 && ranges_.front() == PortRange{kFirst, kLast};
}

bool PortSet::contains(Port port) const {
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), port, [](Port value, const PortRange& range) {
        return value < range.first;
      });
  return after != ranges_.begin() && port <= std::prev(after)->last;
}

PortSet PortSet::united(const PortSet& other) const {
  std::vector<PortRange> sorted;
  sorted.reserve(ranges_.size() + other.ranges_.size());
  std::merge(ranges_.begin(),
             ranges_.end(),
             other.ranges_.begin(),
             other.ranges_.end(),
             std::back_inserter(sorted));
  PortSet result;
  for (const PortRange& range : sorted) {
    const bool touches = !result.ranges_.empty() && (result.ranges_.back().last == kLast ||
                                                     range.first <= result.ranges_.back().last + 1);
    if (touches) {
      result.ranges_.back().last = std::max(result.ranges_.back().last, range.last);
    } else {
      result.ranges_.push_back(range);
    }
  }
  return result;
}

PortSet PortSet::intersected(const PortSet& other) const {
  PortSet result;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const Port first = std::max(a->first, b->first);
    const Port last = std::min(a->last, b->last);
    if (first <= last) {
      result.ranges_.push_back({first, last});
    }
    if (a->last < b->last) {
      ++a;
    } else {
      ++b;
    }
  }
  return result;
}

PortSet PortSet::complement() const {
  PortSet result;
  int next = kFirst;
  for (const PortRange& range : ranges_) {
    if (next < range.first) {
      result.ranges_.push_back({static_cast<Port>(next), static_cast<Port>(range.first - 1)});
    }
    next = range.last + 1;
  }
  if (next <= kLast) {
    result.ranges_.push_back({static_cast<Port>(next), kLast});
  }
  return result;
}

PortSet PortSet::without(const PortSet& other) const {
  return intersected(other.complement());
}

std::string to_string(const PortSet& ports) {
  std::string text;
  for (const PortRange& range : ports.ranges()) {
    text += text.empty() ? "" : ",";
    text += std::to_string(range.first);
    if (range.last != range.first) {
      text += "-" + std::to_string(range.last);
    }
  }
  return text;
}

}  // namespace nettest
