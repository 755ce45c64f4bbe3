#include "harness/kubernetes/api_watch.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace nettest {

namespace {

std::string text_at(const Json& object, const char* key) {
  const auto metadata = object.find("metadata");
  return metadata == object.end() || !metadata->is_object() ? "" : metadata->value(key, "");
}

}  // namespace

bool KnownObjects::replace(const std::vector<Json>& items, const Seen& seen) {
  std::map<std::string, Json> before = std::exchange(objects_, {});
  bool enough = false;
  for (const auto& item : items) {
    const auto uid = text_at(item, "uid");
    before.erase(uid);
    objects_[uid] = item;
  }
  for (const auto& [uid, gone] : before) {
    enough = seen({true, gone}) || enough;
  }
  for (const auto& item : items) {
    enough = seen({false, item}) || enough;
  }
  return seen({false, Json(), true}) || enough;
}

bool KnownObjects::change(bool deleted, const Json& object, const Seen& seen) {
  const auto uid = text_at(object, "uid");
  if (deleted) {
    objects_.erase(uid);
  } else {
    objects_[uid] = object;
  }
  return seen({deleted, object});
}

WatchReader::WatchReader(KnownObjects& known,
                         std::string resource_version,
                         const KnownObjects::Seen& seen)
    : known_(known), resource_version_(std::move(resource_version)), seen_(seen) {}

void WatchReader::lose_history(bool lost) {
  if (lost) {
    resource_version_.clear();
  }
}

bool WatchReader::read(std::string_view piece) {
  while (!piece.empty()) {
    const auto newline = piece.find('\n');
    partial_.append(piece.substr(0, newline));
    if (newline == std::string_view::npos) {
      return true;
    }
    piece.remove_prefix(newline + 1);
    const auto line = std::exchange(partial_, {});
    if (!line.empty() && !read_line(line)) {
      return false;
    }
  }
  return true;
}

bool WatchReader::read_line(std::string_view line) {
  const auto event = Json::parse(line, nullptr, false);
  if (!event.is_object() || !event.contains("object")) {
    return false;
  }
  const auto& object = event["object"];
  const auto type = event.value("type", "");
  if (type == "ERROR") {
    // 410 Gone, or a trouble of the server that a fresh list shows better.
    resource_version_.clear();
    return false;
  }
  resource_version_ = text_at(object, "resourceVersion");
  if (type == "BOOKMARK") {
    return true;
  }
  enough_ = known_.change(type == "DELETED", object, seen_);
  return !enough_;
}

}  // namespace nettest
