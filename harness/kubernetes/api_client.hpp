// What nettest asks of the Kubernetes API: objects in and out, patiently. A shell over
// ApiConnection.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include "harness/kubernetes/api_connection.hpp"

namespace nettest {

using Json = nlohmann::json;

/// Why the API did not do what it was asked.
struct ApiFailure {
  /// The HTTP status; 0: no answer came.
  int status = 0;
  /// The API's own words ("AlreadyExists"), or empty.
  std::string reason;
  std::string message;
  bool interrupted = false;

  /// For people: "get pods: pods is forbidden … (403 Forbidden)".
  [[nodiscard]] Error to_error(std::string_view task) const;
};

template <typename T>
using Answered = tl::expected<T, ApiFailure>;

/// What is told of a collection that is followed: an object is there (new, or changed), or was
/// deleted; or all that is there at the moment has been told (`listed`; then the object is null).
struct WatchEvent {
  bool deleted = false;
  const Json& object;
  bool listed = false;
};

/// A collection that was read whole.
struct ApiList {
  std::vector<Json> items;
  std::string resource_version;
};

/// How long a request is asked again when nobody answers, or the API server says that it is not
/// well: it may be restarting.
inline constexpr Duration kApiPatience = std::chrono::seconds(30);

/// Asks again where that helps: no answer, half an answer, 429 (after Retry-After), 5xx, 409; all
/// that it sends may be sent twice. One thread at a time; each keeps a connection of its own.
class ApiClient {
 public:
  explicit ApiClient(const std::string& socket,
                     OnInterrupt on_interrupt = OnInterrupt::stop,
                     Duration patience = kApiPatience);

  Answered<Json> get(const std::string& path, TimePoint deadline);
  /// POST: for what is not stored (access reviews), and for what must not exist yet.
  Answered<Json> create(const std::string& path, const Json& object, TimePoint deadline);
  /// Server-side apply, as field manager "nettest".
  Answered<Json> apply(const std::string& path, const Json& object, TimePoint deadline);
  /// JSON merge patch.
  Answered<Json> patch(const std::string& path, const Json& changes, TimePoint deadline);
  /// DELETE; what does not exist counts as deleted.
  Answered<void> remove(const std::string& path, TimePoint deadline);
  /// All objects of a collection, page by page; `selector`: a label selector, or empty.
  Answered<ApiList> list(const std::string& path, const std::string& selector, TimePoint deadline);

  /// Follows a collection from its present state on, each object first as it is; calls `seen` per
  /// object and change until it says true. Watches again where a watch ends, lists again where
  /// history is lost (410). A failure of reason "Deadline" when the time is up.
  Answered<void> follow(const std::string& path,
                        const std::string& selector,
                        const std::function<bool(const WatchEvent&)>& seen,
                        TimePoint deadline);

  /// Waits; false when an interrupt ends it.
  [[nodiscard]] bool pause(Duration time) const;

  /// Requests sent so far.
  [[nodiscard]] std::size_t sent() const { return sent_; }

 private:
  struct Followed;
  Answered<Json> ask(const ApiRequest& request, TimePoint deadline);
  Answered<Json> ask_once(const ApiRequest& request, TimePoint deadline, Duration& pause);
  Answered<bool> relist(Followed& followed, TimePoint deadline);
  Answered<bool> watch(Followed& followed, TimePoint deadline);

  ApiConnection connection_;
  OnInterrupt on_interrupt_;
  Duration patience_;
  std::size_t sent_ = 0;
};

/// Percent-encodes a value for a query.
std::string in_query(std::string_view text);

}  // namespace nettest
