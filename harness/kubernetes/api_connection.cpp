#include "harness/kubernetes/api_connection.hpp"

#include <array>
#include <charconv>
#include <exception>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <utility>

#include <httplib.h>

#include "harness/interrupt.hpp"
#include "harness/process/descriptor.hpp"
#include "harness/process/signalless_thread.hpp"

namespace nettest {

namespace {

constexpr int kOk = 200;

/// Ends what a client is waiting for when an interrupt comes.
class StopOnInterrupt {
 public:
  explicit StopOnInterrupt(httplib::Client& client) : over_(::eventfd(0, EFD_CLOEXEC)) {
    watcher_ = signalless_thread([this, &client] {
      std::array<pollfd, 2> events{{{interrupt_descriptor(), POLLIN, 0}, {over_.get(), POLLIN, 0}}};
      while (::poll(events.data(), events.size(), -1) < 0 && errno == EINTR) {
      }
      if (events[1].revents == 0) {
        client.stop();
      }
    });
  }
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;
  ~StopOnInterrupt() {
    ::eventfd_write(over_.get(), 1);
    watcher_.join();
  }

 private:
  Descriptor over_;
  std::thread watcher_;
};

// Kubernetes sends seconds, never a date.
std::optional<Duration> retry_after(const httplib::Response& response) {
  const auto text = response.get_header_value("Retry-After");
  int seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return text.empty() || read.ec != std::errc() ? std::nullopt
                                                : std::optional(std::chrono::seconds(seconds));
}

std::string why(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "the socket of kubectl proxy takes no connection";
    case httplib::Error::Read:
      return "no whole answer came";
    case httplib::Error::Write:
      return "the connection was closed";
    default:
      return httplib::to_string(error);
  }
}

}  // namespace

struct ApiConnection::State {
  explicit State(const std::string& socket, OnInterrupt interrupt)
      : client(socket), on_interrupt(interrupt) {
    client.set_address_family(AF_UNIX);
    client.set_keep_alive(true);
    client.set_url_encode(false);
    client.set_default_headers({{"Host", "localhost"}, {"Accept", "application/json"}});
  }

  [[nodiscard]] bool stopped() const { return on_interrupt == OnInterrupt::stop && interrupted(); }

  httplib::Client client;
  OnInterrupt on_interrupt;
};

ApiConnection::ApiConnection(const std::string& socket, OnInterrupt on_interrupt)
    : state_(std::make_unique<State>(socket, on_interrupt)) {}

ApiConnection::ApiConnection(ApiConnection&&) noexcept = default;
ApiConnection& ApiConnection::operator=(ApiConnection&&) noexcept = default;
ApiConnection::~ApiConnection() = default;

Result<ApiReply> ApiConnection::send(const ApiRequest& request, TimePoint deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
      deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) {
    return fail(ErrorKind::engine, "no time is left");
  }
  if (state_->stopped()) {
    return fail(ErrorKind::interrupted, "interrupted");
  }
  try {
    state_->client.set_read_timeout(left);
    state_->client.set_write_timeout(left);
    httplib::Request message;
    message.method = request.method;
    message.path = request.path;
    message.body = request.body;
    if (!request.content_type.empty()) {
      message.set_header("Content-Type", request.content_type);
    }
    std::optional<StopOnInterrupt> guard;
    if (state_->on_interrupt == OnInterrupt::stop) {
      guard.emplace(state_->client);
    }
    const auto result = state_->client.send(message);
    if (!result) {
      return state_->stopped() ? fail(ErrorKind::interrupted, "interrupted")
                               : fail(ErrorKind::engine, why(result.error()));
    }
    return ApiReply{result->status, result->body, retry_after(*result)};
  } catch (const std::exception& error) {
    return fail(ErrorKind::engine, error.what());
  }
}

StreamEnd ApiConnection::stream(const std::string& path,
                                const std::function<bool(std::string_view)>& on_piece,
                                Duration patience,
                                ApiReply& reply) {
  if (state_->stopped()) {
    return StreamEnd::interrupt;
  }
  bool enough = false;
  try {
    state_->client.set_read_timeout(
        std::chrono::duration_cast<std::chrono::microseconds>(patience));
    std::optional<StopOnInterrupt> guard;
    if (state_->on_interrupt == OnInterrupt::stop) {
      guard.emplace(state_->client);
    }
    const auto result = state_->client.Get(
        path,
        [&reply](const httplib::Response& response) {
          reply.status = response.status;
          reply.retry_after = retry_after(response);
          return true;
        },
        [&](const char* data, std::size_t size) {
          if (reply.status != kOk) {
            reply.body.append(data, size);
            return true;
          }
          enough = !on_piece({data, size});
          return !enough;
        });
    if (enough) {
      return StreamEnd::enough;
    }
    if (state_->stopped()) {
      return StreamEnd::interrupt;
    }
    return result ? StreamEnd::ended : StreamEnd::silent;
  } catch (const std::exception&) {
    return StreamEnd::silent;
  }
}

}  // namespace nettest
