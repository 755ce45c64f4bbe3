#include "harness/process/line_child.hpp"

#include <algorithm>
#include <utility>

#include "harness/process/child_io.hpp"

namespace nettest {

struct LineChild::State {
  std::shared_ptr<ChildIo> io;
  LineEvents events;
  std::size_t line_limit = 0;
  /// The beginning of a line whose end was not read yet.
  std::string partial;
  std::optional<ChildEnd> end;
  bool destroyed = false;
  std::string complaint;

  void tell(std::string_view line) const;
  void on_output(std::string_view chunk);
  void on_end(const ChildEnd& how);
};

void LineChild::State::tell(std::string_view line) const {
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  events.on_line(line);
}

void LineChild::State::on_output(std::string_view chunk) {
  while (!destroyed && !chunk.empty()) {
    const auto newline = chunk.find('\n');
    const auto piece = chunk.substr(0, newline);
    if (partial.size() + piece.size() > line_limit) {
      complaint = "it wrote a line of more than " + std::to_string(line_limit) + " bytes";
      partial.clear();
      io->kill();
      return;
    }
    if (newline == std::string_view::npos) {
      partial.append(piece);
      return;
    }
    chunk.remove_prefix(newline + 1);
    if (partial.empty()) {
      tell(piece);
    } else {
      partial.append(piece);
      const auto line = std::exchange(partial, {});
      tell(line);
    }
  }
}

void LineChild::State::on_end(const ChildEnd& how) {
  end = how;
  if (!complaint.empty()) {
    end->last_errors = complaint;
  }
  const auto told = events.on_end;
  told(*end);
}

Result<LineChild> LineChild::start(Reactor& reactor, const ChildSpec& spec, LineEvents events) {
  auto state = std::make_shared<State>();
  state->events = std::move(events);
  state->line_limit = spec.output_limit;
  // Not owning: the ChildIo is owned by the state.
  const std::weak_ptr<State> weak = state;
  ChildEvents child_events;
  child_events.on_output = [weak](std::string_view chunk) {
    if (const auto self = weak.lock()) {
      self->on_output(chunk);
    }
  };
  child_events.on_end = [weak](const ChildEnd& end) {
    if (const auto self = weak.lock()) {
      self->on_end(end);
    }
  };
  auto io = ChildIo::start(reactor, spec, std::move(child_events));
  if (!io) {
    return tl::unexpected(io.error());
  }
  state->io = std::move(*io);
  return LineChild(std::move(state));
}

LineChild::LineChild(std::shared_ptr<State> state) : state_(std::move(state)) {}
LineChild::LineChild(LineChild&&) noexcept = default;

LineChild& LineChild::operator=(LineChild&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

LineChild::~LineChild() {
  if (state_) {
    state_->destroyed = true;
    state_->io->abandon();
  }
}

void LineChild::send(std::string text) {
  state_->io->write(std::move(text));
}

void LineChild::close_input() {
  state_->io->close_input();
}

void LineChild::kill() {
  state_->io->kill();
}

int LineChild::pid() const {
  return state_->io->pid();
}

const std::optional<ChildEnd>& LineChild::end() const {
  return state_->end;
}

}  // namespace nettest
