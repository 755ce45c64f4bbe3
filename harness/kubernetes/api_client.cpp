#include "harness/kubernetes/api_client.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <poll.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "harness/interrupt.hpp"
#include "harness/kubernetes/api_watch.hpp"

namespace nettest {

namespace {

constexpr int kConflict = 409;
constexpr int kTooManyRequests = 429;
constexpr int kServerTrouble = 500;
constexpr int kNotFound = 404;
constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLongestPause = std::chrono::seconds(2);
/// No single answer takes longer; a server that hangs is asked again.
constexpr Duration kLongestAnswer = std::chrono::seconds(15);
constexpr int kPageSize = 500;

TimePoint now() {
  return std::chrono::steady_clock::now();
}

/// Waits; an interrupt ends it where it should.
void pause_until(TimePoint when, OnInterrupt on_interrupt) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - now()).count();
  pollfd event{on_interrupt == OnInterrupt::stop ? interrupt_descriptor() : -1, POLLIN, 0};
  ::poll(&event, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
}

std::string status_text(int status) {
  switch (status) {
    case 401:
      return "401 Unauthorized";
    case 403:
      return "403 Forbidden";
    case kNotFound:
      return "404 Not Found";
    case kConflict:
      return "409 Conflict";
    case 422:
      return "422 Unprocessable Entity";
    case kTooManyRequests:
      return "429 Too Many Requests";
    default:
      return std::to_string(status);
  }
}

ApiFailure failure_of(const ApiReply& reply) {
  ApiFailure failure;
  failure.status = reply.status;
  const auto status = Json::parse(reply.body, nullptr, false);
  if (status.is_object() && status.value("kind", "") == "Status") {
    failure.reason = status.value("reason", "");
    failure.message = status.value("message", "");
    return failure;
  }
  // kubectl proxy's own words: the API server did not answer it.
  failure.message = printable(reply.body.substr(0, reply.body.find('\n')), 300);
  if (reply.status >= kServerTrouble) {
    failure.status = 0;
  }
  return failure;
}

bool may_help_to_ask_again(const ApiFailure& failure) {
  return !failure.interrupted &&
         (failure.status == 0 || failure.status == kTooManyRequests ||
          failure.status == kConflict || failure.status >= kServerTrouble) &&
         failure.reason != "AlreadyExists";
}

}  // namespace

Error ApiFailure::to_error(std::string_view task) const {
  if (interrupted) {
    return {ErrorKind::interrupted, "interrupted", std::nullopt};
  }
  std::string text(task);
  text += ": ";
  if (status == 0) {
    text += "the API server cannot be reached: " + message;
  } else if (status == 401) {
    text +=
        "the API server does not accept the credentials of the kubeconfig (401 Unauthorized): "
        "they may have expired; log in again";
  } else {
    text += (message.empty() ? std::string("refused") : message) + " (" + status_text(status) + ")";
  }
  return {ErrorKind::engine, std::move(text), std::nullopt};
}

std::string in_query(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || letter == '-' || letter == '.' || letter == '_') {
      encoded += letter;
    } else {
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
    }
  }
  return encoded;
}

ApiClient::ApiClient(const std::string& socket, OnInterrupt on_interrupt, Duration patience)
    : connection_(socket, on_interrupt), on_interrupt_(on_interrupt), patience_(patience) {}

Answered<Json> ApiClient::ask_once(const ApiRequest& request, TimePoint deadline, Duration& pause) {
  ++sent_;
  const auto reply = connection_.send(request, std::min(deadline, now() + kLongestAnswer));
  if (!reply) {
    ApiFailure failure;
    failure.message = reply.error().message;
    failure.interrupted = reply.error().kind == ErrorKind::interrupted;
    return tl::unexpected(std::move(failure));
  }
  if (reply->status < 200 || reply->status >= 300) {
    if (reply->retry_after) {
      pause = std::max(*reply->retry_after, kFirstPause);
    }
    return tl::unexpected(failure_of(*reply));
  }
  auto object = Json::parse(reply->body, nullptr, false);
  if (object.is_discarded()) {
    return tl::unexpected(ApiFailure{0, "", "half an answer came", false});
  }
  return object;
}

Answered<Json> ApiClient::ask(const ApiRequest& request, TimePoint deadline) {
  const auto last_try = now() + patience_;
  std::optional<ApiFailure> before;
  for (auto next = kFirstPause;; next = std::min(2 * next, kLongestPause)) {
    auto pause = next;
    auto answer = ask_once(request, deadline, pause);
    if (answer || !may_help_to_ask_again(answer.error())) {
      return answer;
    }
    // Told to come back later is no sign of trouble: that is only bounded by the deadline.
    const bool told = answer.error().status == kTooManyRequests;
    const auto again = now() + pause;
    // What cut the last try short is our own deadline; the trouble was told before.
    if (before && now() >= deadline) {
      return tl::unexpected(std::move(*before));
    }
    before = answer.error();
    if (again >= deadline || (!told && again >= last_try)) {
      return answer;
    }
    pause_until(again, on_interrupt_);
  }
}

bool ApiClient::pause(Duration time) const {
  pause_until(now() + time, on_interrupt_);
  return on_interrupt_ == OnInterrupt::ignore || !interrupted();
}

Answered<Json> ApiClient::get(const std::string& path, TimePoint deadline) {
  return ask({"GET", path}, deadline);
}

Answered<Json> ApiClient::create(const std::string& path, const Json& object, TimePoint deadline) {
  return ask({"POST", path, object.dump(), "application/json"}, deadline);
}

Answered<Json> ApiClient::apply(const std::string& path, const Json& object, TimePoint deadline) {
  return ask({"PATCH",
              path + "?fieldManager=nettest&force=true",
              object.dump(),
              "application/apply-patch+yaml"},
             deadline);
}

Answered<Json> ApiClient::patch(const std::string& path, const Json& changes, TimePoint deadline) {
  return ask(
      {"PATCH", path + "?fieldManager=nettest", changes.dump(), "application/merge-patch+json"},
      deadline);
}

Answered<void> ApiClient::remove(const std::string& path, TimePoint deadline) {
  auto answer = ask({"DELETE", path}, deadline);
  if (!answer && answer.error().status != kNotFound) {
    return tl::unexpected(std::move(answer.error()));
  }
  return {};
}

Answered<ApiList> ApiClient::list(const std::string& path,
                                  const std::string& selector,
                                  TimePoint deadline) {
  ApiList list;
  std::string more;
  do {
    auto page = get(path + "?limit=" + std::to_string(kPageSize) +
                        (selector.empty() ? "" : "&labelSelector=" + in_query(selector)) +
                        (more.empty() ? "" : "&continue=" + in_query(more)),
                    deadline);
    if (!page && page.error().status == 410 && !more.empty()) {
      // The pages have become too old: from the beginning.
      list.items.clear();
      more.clear();
      continue;
    }
    if (!page) {
      return tl::unexpected(std::move(page.error()));
    }
    for (auto& item : (*page)["items"]) {
      list.items.push_back(std::move(item));
    }
    const auto& metadata = (*page)["metadata"];
    list.resource_version = metadata.value("resourceVersion", "");
    more = metadata.value("continue", "");
    if (more.empty()) {
      return list;
    }
  } while (now() < deadline);
  return tl::unexpected(ApiFailure{0, "Deadline", "not read to its end in time", false});
}

struct ApiClient::Followed {
  const std::string& path;
  const std::string& selector;
  const std::function<bool(const WatchEvent&)>& seen;
  KnownObjects known = {};
  std::string resource_version = {};
};

// True when enough was seen.
Answered<bool> ApiClient::relist(Followed& followed, TimePoint deadline) {
  auto listed = list(followed.path, followed.selector, deadline);
  if (!listed) {
    return tl::unexpected(std::move(listed.error()));
  }
  followed.resource_version = listed->resource_version;
  return followed.known.replace(listed->items, followed.seen);
}

Answered<bool> ApiClient::watch(Followed& followed, TimePoint deadline) {
  WatchReader reader(followed.known, followed.resource_version, followed.seen);
  const auto left = std::max<Duration>(deadline - now(), std::chrono::milliseconds(1));
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
  ApiReply refused;
  ++sent_;
  const auto end = connection_.stream(
      followed.path + "?watch=true&allowWatchBookmarks=true&resourceVersion=" +
          in_query(followed.resource_version) + "&timeoutSeconds=" + std::to_string(seconds) +
          (followed.selector.empty() ? "" : "&labelSelector=" + in_query(followed.selector)),
      [&reader](std::string_view piece) { return reader.read(piece); },
      std::min<Duration>(left, kLongestAnswer),
      refused);
  if (end == StreamEnd::interrupt) {
    return tl::unexpected(ApiFailure{0, "", "interrupted", true});
  }
  if (reader.enough()) {
    return true;
  }
  if (refused.status != 0 && refused.status != 200) {
    reader.lose_history(refused.status == 410);
    auto failure = failure_of(refused);
    if (refused.status != 410 && !may_help_to_ask_again(failure)) {
      return tl::unexpected(std::move(failure));
    }
  }
  followed.resource_version = reader.resource_version();
  return false;
}

Answered<void> ApiClient::follow(const std::string& path,
                                 const std::string& selector,
                                 const std::function<bool(const WatchEvent&)>& seen,
                                 TimePoint deadline) {
  Followed followed{path, selector, seen};
  while (now() < deadline) {
    const auto start = now();
    const bool watching = !followed.resource_version.empty();
    auto enough = watching ? watch(followed, deadline) : relist(followed, deadline);
    if (!enough) {
      return tl::unexpected(std::move(enough.error()));
    }
    if (*enough) {
      return {};
    }
    // A watch that ends at once, again and again, must not keep a processor busy.
    if (watching && now() - start < kFirstPause) {
      pause_until(std::min(deadline, start + kFirstPause), on_interrupt_);
    }
  }
  return tl::unexpected(ApiFailure{0, "Deadline", "not in time", false});
}

}  // namespace nettest
