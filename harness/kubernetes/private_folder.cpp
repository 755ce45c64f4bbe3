#include "harness/kubernetes/private_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nettest {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "nettest-proxy-";
/// How often a folder may be taken for a left one between its birth and its lock.
constexpr int kTries = 10;

std::string home() {
  const char* const wanted = std::getenv("XDG_RUNTIME_DIR");  // NOLINT(concurrency-mt-unsafe)
  std::error_code error;
  return wanted != nullptr && fs::is_directory(wanted, error) ? wanted : "/tmp";
}

Descriptor open_folder(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool take(const Descriptor& folder) {
  return folder.valid() && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0;
}

/// Whether the path still means the folder that was opened.
bool is_still_there(const std::string& path, const Descriptor& folder) {
  struct stat named {};
  struct stat opened {};
  return ::lstat(path.c_str(), &named) == 0 && ::fstat(folder.get(), &opened) == 0 &&
         named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
}

bool is_ours(const Descriptor& folder) {
  struct stat facts {};
  return ::fstat(folder.get(), &facts) == 0 && facts.st_uid == ::geteuid();
}

/// The lock of a process that was killed is free.
void remove_left_ones(const std::string& where) {
  std::error_code ignored;
  std::error_code error;
  for (fs::directory_iterator at(where, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string();
    if (at->path().filename().string().rfind(kPrefix, 0) != 0) {
      continue;
    }
    const Descriptor folder = open_folder(path);
    if (folder.valid() && is_ours(folder) && take(folder)) {
      fs::remove_all(path, ignored);
    }
  }
}

}  // namespace

Result<PrivateFolder> PrivateFolder::make() {
  const std::string where = home();
  remove_left_ones(where);
  for (int tried = 0; tried < kTries; ++tried) {
    std::string path = where + "/" + kPrefix + "XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {  // 0700
      return fail(ErrorKind::engine,
                  "make a folder for the socket of kubectl proxy: " + path + ": " +
                      std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
    }
    Descriptor lock = open_folder(path);
    if (take(lock) && is_still_there(path, lock)) {
      return PrivateFolder(std::move(path), std::move(lock));
    }
  }
  return fail(
      ErrorKind::engine,
      "make a folder for the socket of kubectl proxy in " + where + ": others remove it at once");
}

PrivateFolder::~PrivateFolder() {
  if (lock_.valid()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

}  // namespace nettest
