// Any bytes as text that XML and HTML may hold. Pure.
#pragma once

#include <string>
#include <string_view>

namespace nettest {

/// Replaces what XML 1.0 does not allow (control characters other than tab and newline, bytes that
/// are no UTF-8, U+FFFE and U+FFFF) by \xNN; nothing is escaped yet.
std::string xml_text(std::string_view text);

}  // namespace nettest
