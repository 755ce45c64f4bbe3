// Lines of a text, and the words for what is wrong in them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace nettest {

/// Finds the lines of a text, quickly when asked in ascending order.
class LineCursor {
 public:
  explicit LineCursor(std::string_view text) : text_(text) {}

  /// The text from the start of `line` (from 0) to the end.
  std::string_view rest_from(int line);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 0;
};

/// Says whether the last line of `text` that says something is `...`.
bool ends_with_document_end(std::string_view text);

/// Says what a YAML syntax error means: `message` is the parser's, `rest` the text from
/// the start of the line at fault.
std::string syntax_words(std::string_view message, std::string_view rest);

}  // namespace nettest
