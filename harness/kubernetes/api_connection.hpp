// One connection to the API server, through the unix socket of `kubectl proxy`. Edge (cpp-httplib).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "harness/process/reactor.hpp"

namespace nettest {

/// A request, as HTTP has it.
struct ApiRequest {
  std::string method = "GET";
  /// Path and query, encoded.
  std::string path;
  std::string body = {};
  std::string content_type = {};
};

struct ApiReply {
  int status = 0;
  std::string body;
  std::optional<Duration> retry_after;
};

/// How a stream came to its end.
enum class StreamEnd { enough, ended, silent, interrupt };

/// Keeps its connection open between requests. One thread at a time.
class ApiConnection {
 public:
  /// `on_interrupt`: whether an interrupt ends a request that is under way (kind interrupted).
  explicit ApiConnection(const std::string& socket, OnInterrupt on_interrupt = OnInterrupt::stop);
  ApiConnection(ApiConnection&&) noexcept;
  ApiConnection& operator=(ApiConnection&&) noexcept;
  ApiConnection(const ApiConnection&) = delete;
  ApiConnection& operator=(const ApiConnection&) = delete;
  ~ApiConnection();

  /// Sends it and reads the whole reply. An Error: nothing, or not all of it, came by the deadline.
  Result<ApiReply> send(const ApiRequest& request, TimePoint deadline);

  /// Reads a reply of status 200 piece by piece until `on_piece` says false, it ends, or nothing
  /// comes for as long as `patience`. Another status is told in `reply` instead.
  StreamEnd stream(const std::string& path,
                   const std::function<bool(std::string_view)>& on_piece,
                   Duration patience,
                   ApiReply& reply);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nettest
