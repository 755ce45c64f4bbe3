// YAML (and JSON, which is YAML) as our own tree, with places. The text checks and the
// tree are pure; read_text_file touches the file system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace nettest {

enum class NodeKind : std::uint8_t { null, scalar, sequence, map };

/// What a scalar is to the API server's YAML decoder (YAML 1.1): a plain `yes` is a
/// boolean, a plain `0x10` an integer, everything quoted a string.
enum class ScalarType : std::uint8_t { string, boolean, integer, real };

struct Node;

/// A key of a map, always a scalar, with its value.
struct MapEntry {
  const Node* key;
  const Node* value;
};

/// One value of a document; owned by its Documents. A node that was reached through an
/// alias is the anchored node itself (shared, with the anchor's place).
struct Node {
  NodeKind kind = NodeKind::null;
  /// A scalar in quotes, a block scalar, or one tagged `!!str`.
  bool quoted = false;
  /// Counted from 1, in bytes; a missing value has the place of its key.
  int line = 0;
  int column = 0;
  /// The text of a scalar, unescaped.
  std::string_view text;
  /// What a sequence holds.
  std::span<const Node* const> items;
  /// What a map holds, in order of the text; no key twice; merge keys (`<<`) expanded.
  std::span<const MapEntry> entries;

  /// The value of `key`, or nullptr when this is no map or has no such key.
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] bool is_map() const { return kind == NodeKind::map; }
  [[nodiscard]] bool is_sequence() const { return kind == NodeKind::sequence; }
  [[nodiscard]] bool is_scalar() const { return kind == NodeKind::scalar; }
  [[nodiscard]] bool is_null() const { return kind == NodeKind::null; }
};

/// The documents of one file, in order; empty ones (only comments) are null nodes.
/// Copies share the memory.
struct Documents {
  std::string file;
  std::vector<const Node*> roots;
  std::shared_ptr<const void> memory;
};

/// What a file may cost before it is refused.
struct DocumentLimits {
  std::size_t bytes = std::size_t{64} << 20U;
  std::size_t depth = 200;
  /// Values of a file, aliases counted as often as they are used.
  std::size_t nodes = 12'000'000;
};

/// Reads a whole file. Fails (kind suite, with a way out) on a missing or unreadable
/// file, a directory, and on more than `limits.bytes`.
Result<std::string> read_text_file(const std::filesystem::path& file,
                                   const DocumentLimits& limits = {});

/// Checks what has to hold before parsing: not empty, UTF-8 (a byte order mark is
/// fine), no NUL and no other control characters. Kind suite, with the place.
Result<void> check_text(std::string_view text, const std::string& file_name);

/// Parses all documents of `text`, after check_text. All duplicate keys, unsupported
/// tags and the like are reported together; a syntax error ends the reading. The
/// time is linear in the text; nothing throws.
Checked<Documents> parse_documents(std::string_view text,
                                   const std::string& file_name,
                                   const DocumentLimits& limits = {});

/// Says what the API server's decoder makes of a scalar.
ScalarType type_of(const Node& scalar);

/// Says what a node is, for messages: `the list [...]`, `the number 80`, `the text
/// "x"`, `nothing`.
std::string describe(const Node& node);

/// The place of a node in `file`.
Location place_of(const Node& node, const std::string& file);

}  // namespace nettest
