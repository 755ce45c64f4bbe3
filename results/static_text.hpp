// Small pieces of text for the static commands' outputs: a buffered sink, quoting per format. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace nettest {

/// Where text goes.
using TextSink = std::function<void(std::string_view)>;

/// Collects text and hands it on in large pieces; whatever is left when it ends.
class BufferedText {
 public:
  explicit BufferedText(TextSink sink) : sink_(std::move(sink)) {}
  ~BufferedText() { flush(); }
  BufferedText(const BufferedText&) = delete;
  BufferedText& operator=(const BufferedText&) = delete;

  void add(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kPiece) {
      flush();
    }
  }
  void flush();

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16U;

  TextSink sink_;
  std::string buffer_;
};

/// Quotes as a JSON string (RFC 8259).
std::string json_quoted(std::string_view text);
/// Quotes as a CSV field (RFC 4180), only where it is needed.
std::string csv_field(std::string_view text);
/// Escapes what a Markdown table cell cannot hold.
std::string markdown_cell(std::string_view text);
/// Quotes as a DOT string.
std::string dot_quoted(std::string_view text);
/// Escapes for XML text and attribute values.
std::string xml_escaped(std::string_view text);

}  // namespace nettest
