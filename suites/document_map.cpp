#include "suites/document_map.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"

namespace nettest {

namespace {

/// Below that many entries looking through them is quicker than hashing.
constexpr std::size_t kFew = 12;

/// Takes what `<<` merges: a map, or a list of maps.
void collect_merged(const MapEntry& entry,
                    std::vector<const Node*>& merged,
                    const NodeComplaint& complain) {
  const Node& value = *entry.value;
  const bool maps = std::all_of(
      value.items.begin(), value.items.end(), [](const Node* item) { return item->is_map(); });
  if (value.is_map()) {
    merged.push_back(&value);
  } else if (value.is_sequence() && maps) {
    merged.insert(merged.end(), value.items.begin(), value.items.end());
  } else {
    complain("the merge key << takes a map or a list of maps, found " + describe(value),
             *entry.key);
  }
}

/// Keeps the first of equal keys.
std::vector<MapEntry> without_duplicates(const std::vector<MapEntry>& entries,
                                         const NodeComplaint& complain) {
  std::vector<MapEntry> kept;
  kept.reserve(entries.size());
  std::unordered_map<std::string_view, const Node*> seen;
  const auto earlier = [&](const Node& key) -> const Node* {
    if (entries.size() > kFew) {
      const auto [found, added] = seen.try_emplace(key.text, &key);
      return added ? nullptr : found->second;
    }
    const auto same = std::find_if(kept.begin(), kept.end(), [&](const MapEntry& other) {
      return other.key->text == key.text;
    });
    return same == kept.end() ? nullptr : same->key;
  };
  for (const auto& entry : entries) {
    if (const Node* first = earlier(*entry.key)) {
      complain("the key \"" + printable(entry.key->text) + "\" is there twice, first in line " +
                   std::to_string(first->line),
               *entry.key);
    } else {
      kept.push_back(entry);
    }
  }
  return kept;
}

/// Adds what the merged maps have and `entries` has not.
void merge(std::vector<MapEntry>& entries, const std::vector<const Node*>& merged) {
  std::unordered_set<std::string_view> seen;
  for (const auto& entry : entries) {
    seen.insert(entry.key->text);
  }
  for (const Node* map : merged) {
    for (const auto& entry : map->entries) {
      if (seen.insert(entry.key->text).second) {
        entries.push_back(entry);
      }
    }
  }
}

}  // namespace

std::vector<MapEntry> map_entries(std::span<const Node* const> children,
                                  const NodeComplaint& complain) {
  std::vector<MapEntry> entries;
  std::vector<const Node*> merged;
  entries.reserve(children.size() / 2);
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const MapEntry entry{children[i], children[i + 1]};
    if (!entry.key->is_scalar()) {
      complain("a key must be a word, found " + describe(*entry.key), *entry.key);
    } else if (!entry.key->quoted && entry.key->text == "<<") {
      collect_merged(entry, merged, complain);
    } else {
      entries.push_back(entry);
    }
  }
  entries = without_duplicates(entries, complain);
  if (!merged.empty()) {
    merge(entries, merged);
  }
  return entries;
}

}  // namespace nettest
