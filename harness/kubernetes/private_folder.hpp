// A folder of this process alone, for sockets. Touches the file system.
#pragma once

#include <string>

#include "base/error.hpp"
#include "harness/process/descriptor.hpp"

namespace nettest {

/// Exists as long as this object (and its copies in forked processes) is not destroyed. It is
/// locked meanwhile, so that the next one that is made knows, and removes, what processes left
/// behind that were killed.
class PrivateFolder {
 public:
  /// In $XDG_RUNTIME_DIR, or in /tmp.
  static Result<PrivateFolder> make();

  PrivateFolder(PrivateFolder&& other) noexcept = default;
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  PrivateFolder(std::string path, Descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  Descriptor lock_;
};

}  // namespace nettest
