// Reads the lines of a watch and knows what was there, so that nothing is told twice or missed.
// Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/kubernetes/api_client.hpp"

namespace nettest {

/// The objects of a followed collection, by uid.
class KnownObjects {
 public:
  using Seen = std::function<bool(const WatchEvent&)>;

  /// The collection was read anew: tells what has gone, each object, and that this was all. True
  /// when `seen` said so.
  bool replace(const std::vector<Json>& items, const Seen& seen);
  bool change(bool deleted, const Json& object, const Seen& seen);

 private:
  std::map<std::string, Json> objects_;
};

/// Puts the pieces of a watch together to events.
class WatchReader {
 public:
  WatchReader(KnownObjects& known, std::string resource_version, const KnownObjects::Seen& seen);

  /// False when enough was seen, or the history is lost.
  bool read(std::string_view piece);
  void lose_history(bool lost);
  [[nodiscard]] bool enough() const { return enough_; }
  /// Where to go on; empty: the history is lost, list again.
  [[nodiscard]] const std::string& resource_version() const { return resource_version_; }

 private:
  bool read_line(std::string_view line);

  KnownObjects& known_;
  std::string resource_version_;
  const KnownObjects::Seen& seen_;
  std::string partial_;
  bool enough_ = false;
};

}  // namespace nettest
