#include "base/error.hpp"

#include <utility>

namespace nettest {

Error Error::while_doing(std::string_view task) const {
  return {kind, std::string(task) + ": " + message, where};
}

std::string to_string(const Location& where) {
  std::string text = where.file;
  if (where.line > 0) {
    text += ":" + std::to_string(where.line);
    if (where.column > 0) {
      text += ":" + std::to_string(where.column);
    }
  }
  return text;
}

std::string to_string(const Error& error) {
  if (error.where && !error.where->file.empty()) {
    return to_string(*error.where) + ": " + error.message;
  }
  return error.message;
}

tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::nullopt});
}

tl::unexpected<Error> fail(ErrorKind kind, std::string message, Location where) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(where)});
}

}  // namespace nettest
