#include "tests/support/fake_engine.hpp"

#include <algorithm>
#include <utility>

#include "harness/interrupt.hpp"
#include "harness/system_clock.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {

namespace {

constexpr Duration kRoundTrip = std::chrono::milliseconds(1);

const std::map<std::string, FakeFaults, std::less<>>& faults_by_name() {
  static const std::map<std::string, FakeFaults, std::less<>> faults = [] {
    std::map<std::string, FakeFaults, std::less<>> map;
    map["ignores-ingress"].enforcement.ingress = false;
    map["ignores-egress"].enforcement.egress = false;
    map["ignores-everything"].enforcement = {false, false};
    map["late-by-3-attempts"].late_attempts = 3;
    map["late-by-300ms"].late_by = std::chrono::milliseconds(300);
    map["late-by-1h"].late_by = std::chrono::hours(1);
    map["late-node"].late_by = std::chrono::hours(1);
    map["late-node"].late_node = "n2";
    map["flaps"].flaps = true;
    map["exec-dies"].exec_dies = PodId{"default", "tester"};
    map["exit-status-lost"].exit_status_lost = true;
    map["pod-never-ready"].pod_never_ready = true;
    map["namespace-stuck"].namespace_stuck = true;
    map["dead-server"].dead_server = PodId{"default", "web"};
    map["wrong-backend"].wrong_backend = true;
    map["deploy-fails"].fails_at[EngineCall::deploy] = 1;
    map["apply-fails"].fails_at[EngineCall::apply] = 2;
    map["probe-fails"].fails_at[EngineCall::probe] = 3;
    map["hangs-in-deploy"].hangs_at = {EngineCall::deploy, 1};
    map["hangs-in-apply"].hangs_at = {EngineCall::apply, 2};
    map["hangs-in-probe"].hangs_at = {EngineCall::probe, 4};
    map["hangs-in-third-case"].hangs_at = {EngineCall::probe, 9};
    return map;
  }();
  return faults;
}

}  // namespace

std::optional<FakeFaults> fake_fault(std::string_view name) {
  const auto found = faults_by_name().find(name);
  return found == faults_by_name().end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> fake_fault_names() {
  std::vector<std::string> names;
  for (const auto& [name, faults] : faults_by_name()) {
    names.push_back(name);
  }
  return names;
}

FakeEngine::FakeEngine(FakeClock& clock, FakeFaults faults)
    : clock_(clock), faults_(std::move(faults)) {
  capabilities_.engine = "fake";
  capabilities_.versions = {{"fake", "1"}};
  capabilities_.protocols = {Protocol::tcp, Protocol::udp};
  capabilities_.families = {IpFamily::ipv4, IpFamily::ipv6};
  capabilities_.clients = {Client::agent, Client::wget};
  capabilities_.synchronous = true;
  capabilities_.nodes = {"n1", "n2"};
}

Result<void> FakeEngine::enter(EngineCall call, const std::string& words) {
  const int number = ++calls_[call];
  log_.push_back(words);
  if (faults_.hangs_at == std::pair(call, number)) {
    SystemClock().sleep_until(TimePoint::max());
  }
  if (faults_.interrupt_at == std::pair(call, number)) {
    raise_interrupt();
  }
  if (call != EngineCall::remove && interrupted()) {
    return fail(ErrorKind::interrupted, "interrupted");
  }
  const auto failing = faults_.fails_at.find(call);
  if (failing != faults_.fails_at.end() && failing->second == number) {
    return fail(ErrorKind::engine, "the fake engine was told to fail");
  }
  return {};
}

Result<AddressBook> FakeEngine::deploy(const World& world, TimePoint deadline) {
  if (auto entered = enter(EngineCall::deploy, "deploy"); !entered) {
    return tl::unexpected(entered.error());
  }
  if (faults_.pod_never_ready) {
    clock_.sleep_until(deadline);
    return fail(ErrorKind::engine, "pod default/web is not ready: waiting for its image");
  }
  now_ = before_ = {world, {}};
  addresses_ = addresses_before_ = assign_local_addresses(world);
  deployed_ = true;
  return addresses_;
}

Result<AddressBook> FakeEngine::apply(std::span<const Change> changes, TimePoint /*deadline*/) {
  if (auto entered = enter(EngineCall::apply, "apply " + std::to_string(changes.size()));
      !entered) {
    return tl::unexpected(entered.error());
  }
  if (!deployed_) {
    return fail(ErrorKind::engine, "nothing is deployed");
  }
  before_ = now_;
  addresses_before_ = addresses_;
  for (const auto& change : changes) {
    if (auto applied = apply_change(now_, change); !applied) {
      return tl::unexpected(Error{ErrorKind::engine, applied.error().message, std::nullopt});
    }
  }
  addresses_ = assign_local_addresses(now_.world, addresses_);
  clock_.advance(kRoundTrip);
  changed_ = clock_.now();
  asked_.clear();
  return addresses_;
}

bool FakeEngine::late(const Probe& probe) {
  const auto* to = std::get_if<PodId>(&probe.to);
  const auto node = to == nullptr ? addresses_.node_of.end() : addresses_.node_of.find(*to);
  if (!faults_.late_node.empty() &&
      (node == addresses_.node_of.end() || node->second != faults_.late_node)) {
    return false;
  }
  return asked_[probe] <= faults_.late_attempts || clock_.now() < changed_ + faults_.late_by;
}

Signal FakeEngine::signal_of(const Question& question, Attempt& attempt) {
  const Probe& probe = question.probe;
  const int number = ++asked_[probe];
  const bool stale = (faults_.late_attempts > 0 || faults_.late_by > Duration::zero()) &&
                     !before_.world.pods.empty() && late(probe);
  const auto truth = truth_of(
      stale ? before_ : now_, stale ? addresses_before_ : addresses_, probe, faults_.enforcement);
  if (truth.truth == Truth::no_such_pod || faults_.exec_dies == probe.from) {
    attempt.detail = "the exec stream ended without its closing line";
    return Signal::unusable;
  }
  if (faults_.exit_status_lost && probe.client == Client::wget) {
    attempt.detail = "wget's exit status never arrived";
    return Signal::unusable;
  }
  if (faults_.dead_server && faults_.dead_server == truth.backend) {
    return Signal::timed_out;
  }
  const bool flap = faults_.flaps && truth.truth == Truth::dropped && number % 2 == 0;
  switch (flap ? Truth::open : truth.truth) {
    case Truth::open:
      attempt.answered_by = truth.backend ? to_string(*truth.backend) : "";
      if (faults_.wrong_backend && std::holds_alternative<ServiceId>(probe.to)) {
        attempt.answered_by = "nobody/knows";
        return Signal::wrong_backend;
      }
      return Signal::connected;
    case Truth::closed_port:
      return Signal::refused;
    case Truth::no_name:
      return Signal::dns_failed;
    case Truth::dropped:
    case Truth::no_such_pod:
      break;
  }
  return Signal::timed_out;
}

Attempt FakeEngine::answer(const Question& question) {
  Attempt attempt;
  attempt.sent = clock_.now();
  attempt.timeout = question.timeout;
  attempt.signal = signal_of(question, attempt);
  const bool waits = attempt.signal == Signal::timed_out || attempt.signal == Signal::dns_failed;
  attempt.took = waits ? question.timeout : kRoundTrip;
  return attempt;
}

Result<std::vector<Attempt>> FakeEngine::probe(std::span<const Question> questions) {
  if (auto entered = enter(EngineCall::probe, "probe " + std::to_string(questions.size()));
      !entered) {
    return tl::unexpected(entered.error());
  }
  if (!deployed_) {
    return fail(ErrorKind::engine, "nothing is deployed");
  }
  std::vector<Attempt> attempts;
  Duration longest{};
  for (const auto& question : questions) {
    attempts.push_back(answer(question));
    longest = std::max(longest, attempts.back().took);
  }
  clock_.advance(longest);
  return attempts;
}

std::string FakeEngine::by_hand(const Probe& probe) const {
  return "fake-ask '" + to_string(probe) + "'";
}

Result<void> FakeEngine::remove(TimePoint deadline) {
  if (auto entered = enter(EngineCall::remove, "remove"); !entered) {
    return entered;
  }
  if (faults_.namespace_stuck) {
    clock_.sleep_until(deadline);
    return fail(ErrorKind::engine, "namespace default is still terminating");
  }
  deployed_ = false;
  now_ = before_ = {};
  return {};
}

}  // namespace nettest
