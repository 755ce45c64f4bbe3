// The one error type of nettest, and the Result that carries it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace nettest {

/// A place in a text that the user wrote. Lines and columns count from 1; 0
/// means "unknown".
struct Location {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const Location&) const = default;
};

/// What kind of trouble it is; chooses the exit code (design: usage and suite
/// 2, engine and unsupported 3, interrupted 130).
enum class ErrorKind { usage, suite, unsupported, engine, interrupted };

/// Something that kept nettest from judging. A policy that is not enforced is a
/// value, never an Error.
struct Error {
  ErrorKind kind = ErrorKind::engine;
  std::string message;
  std::optional<Location> where;

  /// Returns this error with `task` put in front: "apply policy x/deny-all:
  /// <message>".
  [[nodiscard]] Error while_doing(std::string_view task) const;
};

using Errors = std::vector<Error>;

template <typename T>
using Result = tl::expected<T, Error>;

/// A result of reading: either the value, or everything that is wrong with the
/// text, in text order.
template <typename T>
using Checked = tl::expected<T, Errors>;

/// Formats as "file:line:column: message" (without the parts that are unknown).
std::string to_string(const Location& where);
std::string to_string(const Error& error);

/// Makes a failed Result in one word: `return fail(ErrorKind::engine, "nft:
/// ...");`
tl::unexpected<Error> fail(ErrorKind kind, std::string message);
tl::unexpected<Error> fail(ErrorKind kind, std::string message, Location where);

}  // namespace nettest
