#include "harness/agents/agent_session.hpp"

#include <algorithm>
#include <utility>

namespace nettest {

AgentSession::AgentSession(AgentSetup setup, OnAnswer on_answer)
    : setup_(std::move(setup)), on_answer_(std::move(on_answer)) {
  setup_.command.output_limit = agent::kLineLimit;
}

void AgentSession::start(Reactor& reactor) {
  child_.reset();
  greeted_ = false;
  unserved_ = 0;
  batch_.reset();
  trouble_.clear();
  LineEvents events;
  events.on_line = [this](std::string_view line) { on_line(line); };
  events.on_end = [this](const ChildEnd& end) { give_up("ended: " + to_string(end)); };
  auto child = LineChild::start(reactor, setup_.command, std::move(events));
  if (!child) {
    give_up("cannot be started: " + child.error().message);
    return;
  }
  child_.emplace(std::move(*child));
  std::string lines;
  agent::append(lines, agent::Command(agent::SetIdentity{to_string(setup_.pod)}));
  for (const auto& port : setup_.ports) {
    if (port.protocol != Protocol::sctp) {
      agent::append(lines, agent::Command(agent::ServePort{port.protocol, port.port, port.serve}));
      ++unserved_;
    }
  }
  child_->send(std::move(lines));
}

void AgentSession::ask(std::string lines, std::size_t count, std::uint64_t batch) {
  agent::append(lines, agent::Command(agent::Go{batch}));
  batch_ = batch;
  asked_ = count;
  answered_ = 0;
  asked_at_ = std::chrono::steady_clock::now();
  child_->send(std::move(lines));
}

void AgentSession::give_up(std::string reason) {
  if (!trouble_.empty()) {
    return;
  }
  trouble_ = "agent of " + to_string(setup_.pod) + ": " + std::move(reason);
  batch_.reset();
  if (child_) {
    child_->kill();
  }
}

void AgentSession::on_line(std::string_view line) {
  if (!trouble_.empty()) {
    return;
  }
  auto message = agent::parse_message(line);
  if (!message) {
    give_up("said what is " + message.error().message);
    return;
  }
  if (!greeted_ && !std::holds_alternative<agent::Hello>(*message)) {
    give_up("did not say which protocol it speaks");
    return;
  }
  std::visit([this](auto& value) { hear(value); }, *message);
}

void AgentSession::hear(const agent::Hello& message) {
  if (message.version != agent::kProtocolVersion) {
    give_up("speaks protocol version " + std::to_string(message.version) + " instead of " +
            std::to_string(agent::kProtocolVersion));
    return;
  }
  greeted_ = true;
  in_flight_ = std::max<std::size_t>(message.in_flight, 1);
}

void AgentSession::hear(const agent::Serving& /*message*/) {
  unserved_ -= unserved_ > 0 ? 1 : 0;
}

void AgentSession::hear(const agent::Stopped& /*message*/) {}

void AgentSession::hear(const agent::Failure& message) {
  give_up(message.text);
}

void AgentSession::hear(agent::Answer& message) {
  answered_ += on_answer_(*this, std::move(message)) ? 1U : 0U;
}

void AgentSession::hear(const agent::Closed& message) {
  // The end of a batch that was interrupted.
  if (message.batch != batch_) {
    return;
  }
  if (message.count != asked_ || answered_ != asked_) {
    give_up("answered " + std::to_string(answered_) + " of " + std::to_string(asked_) + " probes");
    return;
  }
  batch_.reset();
}

}  // namespace nettest
