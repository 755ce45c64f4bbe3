#include "harness/cli/terminal.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nettest {

namespace {

bool no_colour_in_environment() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (no_colour != nullptr && *no_colour != '\0') ||
         (terminal != nullptr && std::string_view(terminal) == "dumb");
}

int columns_in_environment() {
  const char* text = std::getenv("COLUMNS");
  int columns = 0;
  if (text != nullptr) {
    std::from_chars(text, text + std::strlen(text), columns);
  }
  return columns > 0 ? columns : 0;
}

}  // namespace

void OutputStream::write(std::string_view text) {
  while (!text.empty() && failure_ == 0) {
    const auto written = ::write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd ready{descriptor_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      failure_ = errno;
    }
  }
}

bool OutputStream::is_terminal() const {
  return isatty(descriptor_) == 1;
}

int OutputStream::width() const {
  winsize size{};
  if (!is_terminal()) {
    return 0;
  }
  if (ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return columns_in_environment();
}

TextStyle Console::style_of(const OutputStream& stream) const {
  const bool wanted =
      colour == ColourWish::always ||
      (colour == ColourWish::automatic && stream.is_terminal() && !no_colour_in_environment());
  return {wanted, stream.width()};
}

void Console::complain(const std::string& text) {
  err.write("nettest: " + text + "\n");
}

std::string write_failure(const std::string& where, int error_number) {
  return where + ": " + std::strerror(error_number);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace nettest
