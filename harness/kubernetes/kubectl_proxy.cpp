#include "harness/kubernetes/kubectl_proxy.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "harness/kubernetes/private_folder.hpp"
#include "harness/process/line_child.hpp"
#include "harness/process/signalless_thread.hpp"

namespace nettest {

namespace {

/// A proxy that dies more often will not get well.
constexpr int kStarts = 5;
constexpr std::string_view kReady = "Starting to serve on";

}  // namespace

struct KubectlProxy::State {
  ~State() {
    stopping = true;
    reactor.wake();
    if (thread.joinable()) {
      thread.join();
    }
  }

  void serve();
  std::optional<LineChild> launch(bool& ended);
  void note(bool serving, std::string why);

  std::optional<PrivateFolder> folder;
  std::string socket;
  ChildSpec spec;
  Reactor reactor;
  std::thread thread;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::condition_variable noted;
  bool ready = false;
  bool over = false;
  std::string trouble;
};

void KubectlProxy::State::note(bool serving, std::string why) {
  const std::lock_guard lock(mutex);
  ready = ready || serving;
  over = over || !serving;
  trouble = std::move(why);
  noted.notify_all();
}

std::optional<LineChild> KubectlProxy::State::launch(bool& ended) {
  LineEvents events;
  events.on_line = [this](std::string_view line) {
    if (line.rfind(kReady, 0) == 0) {
      note(true, "");
    }
  };
  events.on_end = [this, &ended](const ChildEnd& end) {
    ended = true;
    const std::lock_guard lock(mutex);
    trouble = to_string(end);
  };
  auto child = LineChild::start(reactor, spec, std::move(events));
  if (!child) {
    note(false, child.error().message);
    return std::nullopt;
  }
  return std::move(*child);
}

// On the proxy's own thread: children die with the thread that started them.
void KubectlProxy::State::serve() {
  for (int starts = 0; starts < kStarts && !stopping; ++starts) {
    bool ended = false;
    auto child = launch(ended);
    if (!child) {
      return;
    }
    reactor.run_until(
        [&] { return ended || stopping.load(); }, TimePoint::max(), OnInterrupt::ignore);
    const std::lock_guard lock(mutex);
    if (!ready) {
      break;  // it never served: its words say why
    }
  }
  const std::lock_guard lock(mutex);
  over = true;
  noted.notify_all();
}

KubectlProxy::KubectlProxy(std::unique_ptr<State> state) : state_(std::move(state)) {}
KubectlProxy::~KubectlProxy() = default;

const std::string& KubectlProxy::socket() const {
  return state_->socket;
}

Result<std::unique_ptr<KubectlProxy>> KubectlProxy::start(const Kubectl& kubectl,
                                                          TimePoint deadline) {
  auto folder = PrivateFolder::make();
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  auto state = std::make_unique<State>();
  state->socket = folder->path() + "/api";
  state->folder.emplace(std::move(*folder));
  state->spec = kubectl.command({"proxy", "--unix-socket=" + state->socket});
  state->thread = signalless_thread([raw = state.get()] { raw->serve(); });
  {
    std::unique_lock lock(state->mutex);
    state->noted.wait_until(lock, deadline, [&] { return state->ready || state->over; });
    if (!state->ready) {
      return fail(ErrorKind::engine,
                  "kubectl proxy does not serve: " +
                      (state->trouble.empty() ? "it said nothing in time" : state->trouble));
    }
  }
  return std::unique_ptr<KubectlProxy>(new KubectlProxy(std::move(state)));
}

}  // namespace nettest
