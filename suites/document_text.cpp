// Reads files and checks texts before they are parsed. Edge: the file system.
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>

#include "base/text.hpp"
#include "suites/document.hpp"

namespace nettest {

namespace {

tl::unexpected<Error> unreadable(const std::filesystem::path& file, std::string message) {
  return fail(ErrorKind::suite, std::move(message), {file.string(), 0, 0});
}

std::string megabytes(std::uintmax_t bytes) {
  return std::to_string(bytes >> 20U) + " MiB";
}

std::string too_large(std::string_view size, const DocumentLimits& limits) {
  return "too large: " + std::string(size) + ", the limit is " + megabytes(limits.bytes) +
         "; split it into several files";
}

/// A file descriptor that closes itself.
class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& file)
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open() is variadic.
      : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// The place of a byte, counted from 1.
Location place_of_byte(std::string_view text, std::size_t at, const std::string& file) {
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
  }
  return {file, line, static_cast<int>(at - line_start) + 1};
}

bool is_utf16(std::string_view text) {
  if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE")) {
    return true;
  }
  // ASCII in UTF-16 without a mark: every second byte is NUL.
  return text.size() >= 4 && ((text[0] == '\0') != (text[1] == '\0')) &&
         (text[0] == '\0') == (text[2] == '\0') && (text[1] == '\0') == (text[3] == '\0');
}

bool is_refused_control(char c) {
  const auto value = static_cast<unsigned char>(c);
  return (value < 0x20 && c != '\t' && c != '\n' && c != '\r') || value == 0x7F;
}

std::optional<std::size_t> first_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_refused_control(text[i])) {
      return i;
    }
  }
  return std::nullopt;
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

// By chunks: what is no regular file has no size to ask for.
Result<std::string> read_to_end(const std::filesystem::path& file, const DocumentLimits& limits) {
  const OpenFile open(file);
  if (open.get() < 0) {
    const std::string reason = std::generic_category().message(errno);
    return unreadable(file, "cannot be read: " + reason);
  }
  std::string text;
  constexpr std::size_t kChunk = std::size_t{1} << 16U;
  std::array<char, kChunk> chunk{};
  while (true) {
    const ssize_t count = ::read(open.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return unreadable(file, "cannot be read: " + std::generic_category().message(errno));
    }
    if (count == 0) {
      return text;
    }
    text.append(chunk.data(), static_cast<std::size_t>(count));
    if (text.size() > limits.bytes) {
      return unreadable(file, too_large("it does not end", limits));
    }
  }
}

}  // namespace

Result<std::string> read_text_file(const std::filesystem::path& file,
                                   const DocumentLimits& limits) {
  std::error_code failed;
  const auto status = std::filesystem::status(file, failed);
  if (std::filesystem::is_directory(status)) {
    return unreadable(file, "is a directory, a file is wanted");
  }
  if (std::filesystem::is_regular_file(status)) {
    const auto size = std::filesystem::file_size(file, failed);
    if (!failed && size > limits.bytes) {
      return unreadable(file, too_large(megabytes(size), limits));
    }
  }
  return read_to_end(file, limits);
}

Result<void> check_text(std::string_view text, const std::string& file_name) {
  const auto refuse = [&](std::string message, std::size_t at) {
    return fail(ErrorKind::suite, std::move(message), place_of_byte(text, at, file_name));
  };
  if (without_mark(text).find_first_not_of(" \t\r\n") == std::string_view::npos &&
      !is_utf16(text)) {
    return fail(ErrorKind::suite, "the file is empty", {file_name, 0, 0});
  }
  if (is_utf16(text)) {
    return refuse("the file is UTF-16, save it as UTF-8", 0);
  }
  const auto control = first_control(text);
  const auto bad = first_invalid_utf8(text);
  if (control && (!bad || *control < *bad)) {
    const std::string shown = printable(text.substr(*control, 1));
    const std::string_view name = text[*control] == '\0' ? " (NUL)" : "";
    return refuse("control character " + shown + std::string(name) +
                      ": this is no text file, or it is damaged",
                  *control);
  }
  if (bad) {
    return refuse("byte " + printable(text.substr(*bad, 1)) +
                      " is not UTF-8; save the file as UTF-8 (or is it no text file?)",
                  *bad);
  }
  return {};
}

}  // namespace nettest
