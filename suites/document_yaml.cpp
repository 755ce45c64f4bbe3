// The only file that knows yaml-cpp: turns its events into our own tree. Edge: yaml-cpp,
// whose exceptions end here.
#include <algorithm>
#include <istream>
#include <memory_resource>
#include <streambuf>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/text.hpp"
#include "suites/document.hpp"
#include "suites/document_lines.hpp"
#include "suites/document_map.hpp"

namespace nettest {

namespace {

/// Ends the reading from inside an event; never leaves this file.
struct Stop {
  std::string message;
  int line;
  int column;
};

/// A stream buffer over a text that someone else owns.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): a get area is never written.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

/// A collection whose end has not come yet.
struct Frame {
  NodeKind kind;
  int line;
  int column;
  YAML::anchor_t anchor;
  std::size_t first_child;
  std::size_t weight = 1;
};

/// An anchored value, and how many values it stands for (0: not finished yet).
struct Anchored {
  const Node* node = nullptr;
  std::size_t weight = 0;
};

enum class TagMeaning { none, text, plain };

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const std::string& file, const DocumentLimits& limits)
      : text_(text),
        lines_(text),
        file_(file),
        limits_(limits),
        arena_(std::make_shared<std::pmr::monotonic_buffer_resource>()) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    anchors_.clear();
    // yaml-cpp begins a new document wherever the old one is complete, without `---`.
    const std::string_view rest = lines_.rest_from(mark.line);
    const bool begun = roots_.empty() || rest.starts_with("---") ||
                       ends_with_document_end(text_.substr(0, text_.size() - rest.size()));
    if (!begun) {
      throw Stop{"text after the end of the document; is it indented wrongly, or is a --- missing?",
                 mark.line + 1,
                 mark.column + 1};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node& node = make(NodeKind::null, mark.line + 1, mark.column + 1);
    const bool is_value = !open_.empty() && open_.back().kind == NodeKind::map &&
                          (done_.size() - open_.back().first_child) % 2 == 1;
    if (is_value) {
      node.line = done_.back()->line;
      node.column = done_.back()->column;
    }
    add(node, anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Anchored known = anchors_[anchor];
    if (known.node == nullptr) {
      throw Stop{"an alias inside the value that it stands for", mark.line + 1, mark.column + 1};
    }
    place_ = {mark.line + 1, mark.column + 1};
    add(*known.node, YAML::NullAnchor, known.weight);
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    Node& node = make(NodeKind::scalar, mark.line + 1, mark.column + 1);
    node.quoted = meaning_of(tag, mark) == TagMeaning::text;
    node.text = keep(value);
    add(node, anchor, 1);
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(NodeKind::sequence, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(NodeKind::map, mark, tag, anchor);
  }
  void OnSequenceEnd() override {
    const Frame frame = open_.back();
    Node& node = make(frame.kind, frame.line, frame.column);
    node.items = copy(std::span<const Node* const>(done_).subspan(frame.first_child));
    end(node, frame);
  }
  void OnMapEnd() override {
    const Frame frame = open_.back();
    Node& node = make(frame.kind, frame.line, frame.column);
    const auto entries = map_entries(std::span<const Node* const>(done_).subspan(frame.first_child),
                                     [&](std::string message, const Node& at) {
                                       error(std::move(message), at.line, at.column);
                                     });
    node.entries = copy(std::span<const MapEntry>(entries));
    end(node, frame);
  }

  Documents documents() { return {file_, std::move(roots_), arena_}; }
  Errors& errors() { return errors_; }

 private:
  struct Place {
    int line;
    int column;
  };

  Node& make(NodeKind kind, int line, int column) {
    static_assert(std::is_trivially_destructible_v<Node>, "the arena runs no destructors");
    place_ = {line, column};
    auto* node = std::pmr::polymorphic_allocator<Node>(arena_.get()).allocate(1);
    std::construct_at(node);
    node->kind = kind;
    node->line = line;
    node->column = column;
    return *node;
  }

  std::string_view keep(const std::string& text) {
    if (text.empty()) {
      return {};
    }
    auto* memory = std::pmr::polymorphic_allocator<char>(arena_.get()).allocate(text.size());
    std::copy(text.begin(), text.end(), memory);
    return {memory, text.size()};
  }

  template <typename T>
  std::span<const T> copy(std::span<const T> values) {
    if (values.empty()) {
      return {};
    }
    auto* memory = std::pmr::polymorphic_allocator<T>(arena_.get()).allocate(values.size());
    std::uninitialized_copy(values.begin(), values.end(), memory);
    return {memory, values.size()};
  }

  void begin(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (open_.size() >= limits_.depth) {
      throw Stop{"nested more than " + std::to_string(limits_.depth) + " levels deep",
                 mark.line + 1,
                 mark.column + 1};
    }
    meaning_of(tag, mark);
    open_.push_back({kind, mark.line + 1, mark.column + 1, anchor, done_.size()});
  }

  void end(const Node& node, const Frame& frame) {
    done_.resize(frame.first_child);
    open_.pop_back();
    add(node, frame.anchor, frame.weight, /*counted=*/true);
  }

  /// Puts a finished value into what encloses it, and counts what it stands for.
  void add(const Node& node, YAML::anchor_t anchor, std::size_t weight, bool counted = false) {
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = {&node, weight};
    }
    total_ += counted ? 1 : weight;
    if (total_ > limits_.nodes) {
      throw Stop{"more than " + std::to_string(limits_.nodes) +
                     " values (an alias counts as often as it is used); split the file, or use "
                     "fewer aliases",
                 place_.line,
                 place_.column};
    }
    if (open_.empty()) {
      roots_.push_back(&node);
      return;
    }
    open_.back().weight += weight;
    done_.push_back(&node);
  }

  TagMeaning meaning_of(const std::string& tag, const YAML::Mark& mark) {
    static constexpr std::string_view kCore = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?") {
      return TagMeaning::plain;
    }
    if (tag == "!") {
      return TagMeaning::text;
    }
    const std::string_view name =
        tag.starts_with(kCore) ? std::string_view(tag).substr(kCore.size()) : std::string_view();
    if (name == "str") {
      return TagMeaning::text;
    }
    const bool known = name == "int" || name == "float" || name == "bool" || name == "null" ||
                       name == "map" || name == "seq";
    if (!known) {
      error("the tag " + printable(tag) + " is not supported; leave it out",
            mark.line + 1,
            mark.column + 1);
    }
    return TagMeaning::plain;
  }

  void error(std::string message, int line, int column) {
    constexpr std::size_t kMostErrors = 100;
    if (errors_.size() >= kMostErrors) {
      throw Stop{"more than " + std::to_string(kMostErrors) + " errors, the rest is not read",
                 line,
                 column};
    }
    errors_.push_back({ErrorKind::suite, std::move(message), Location{file_, line, column}});
  }

  std::string_view text_;
  LineCursor lines_;
  const std::string& file_;
  const DocumentLimits& limits_;
  std::shared_ptr<std::pmr::monotonic_buffer_resource> arena_;
  std::vector<const Node*> roots_;
  std::vector<Frame> open_;
  std::vector<const Node*> done_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::size_t total_ = 0;
  Place place_{};
  Errors errors_;
};

Error syntax_error(std::string_view text, const std::string& file, const YAML::Exception& thrown) {
  if (thrown.mark.is_null()) {
    return {ErrorKind::suite, syntax_words(thrown.msg, {}), Location{file, 0, 0}};
  }
  return {ErrorKind::suite,
          syntax_words(thrown.msg, LineCursor(text).rest_from(thrown.mark.line)),
          Location{file, thrown.mark.line + 1, thrown.mark.column + 1}};
}

/// Reads document by document until the end, a syntax error, or a Stop.
std::vector<Error> read_all(std::string_view text, const std::string& file, TreeBuilder& builder) {
  try {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return {{ErrorKind::suite, stop.message, Location{file, stop.line, stop.column}}};
  } catch (const YAML::Exception& thrown) {
    return {syntax_error(text, file, thrown)};
  } catch (const std::exception& thrown) {
    return {{ErrorKind::suite,
             std::string("cannot be read as YAML: ") + thrown.what(),
             Location{file, 0, 0}}};
  }
  return {};
}

}  // namespace

Checked<Documents> parse_documents(std::string_view text,
                                   const std::string& file_name,
                                   const DocumentLimits& limits) {
  if (auto checked = check_text(text, file_name); !checked) {
    return tl::unexpected(Errors{checked.error()});
  }
  TreeBuilder builder(text, file_name, limits);
  Errors fatal = read_all(text, file_name, builder);
  Errors errors = std::move(builder.errors());
  const auto place = [](const Error& error) {
    return error.where ? std::pair(error.where->line, error.where->column) : std::pair(0, 0);
  };
  std::stable_sort(errors.begin(), errors.end(), [&](const Error& a, const Error& b) {
    return place(a) < place(b);
  });
  errors.insert(errors.end(), fatal.begin(), fatal.end());
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return builder.documents();
}

}  // namespace nettest
