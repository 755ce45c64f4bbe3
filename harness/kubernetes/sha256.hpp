// SHA-256 (FIPS 180-4). Pure.
#pragma once

#include <string>
#include <string_view>

namespace nettest {

/// The digest in hexadecimal, as sha256sum prints it.
std::string sha256(std::string_view data);

}  // namespace nettest
