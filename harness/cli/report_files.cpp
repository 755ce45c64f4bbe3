#include "harness/cli/report_files.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "results/outputs.hpp"

namespace nettest {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kEverybody = 0666;

tl::unexpected<Error> cannot_write(ErrorKind kind, const std::string& path, int error_number) {
  return fail(kind, "cannot write " + write_failure(path, error_number));
}

/// A file beside the final one, which takes its place when all is well.
class Draft {
 public:
  explicit Draft(const fs::path& final_path)
      : path_((final_path.parent_path() / ".nettest-XXXXXX").string()) {
    descriptor_ = mkostemp(path_.data(), O_CLOEXEC);
    failure_ = descriptor_ < 0 ? errno : 0;
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (descriptor_ >= 0) {
      close(descriptor_);
    }
    if (!path_.empty() && failure_of_opening() == 0) {
      unlink(path_.c_str());
    }
  }

  [[nodiscard]] int failure_of_opening() const { return failure_; }

  /// Returns 0 or an errno.
  int write(std::string_view text) const {
    OutputStream stream(descriptor_);
    stream.write(text);
    if (stream.failure() != 0) {
      return stream.failure();
    }
    return fsync(descriptor_) == 0 ? 0 : errno;
  }

  int become(const fs::path& final_path) {
    struct stat old {};
    mode_t mode = 0;
    if (stat(final_path.c_str(), &old) == 0) {
      mode = old.st_mode & 07777U;
    } else {
      const mode_t mask = umask(0);
      umask(mask);
      mode = kEverybody & ~mask;
    }
    if (fchmod(descriptor_, mode) != 0 || rename(path_.c_str(), final_path.c_str()) != 0) {
      return errno;
    }
    path_.clear();
    return 0;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
  int failure_ = 0;
};

/// Follows links, so that the file behind a link is replaced and not the link.
fs::path real_path(const std::string& path) {
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed).lexically_normal();
  const fs::path real = fs::is_symlink(whole, failed) ? fs::canonical(whole, failed) : whole;
  return failed || real.empty() ? whole : real;
}

bool is_special(const fs::path& path) {
  std::error_code failed;
  const auto status = fs::status(path, failed);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

Result<void> write_special(const std::string& path, std::string_view text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return cannot_write(ErrorKind::engine, path, errno);
  }
  OutputStream stream(descriptor);
  stream.write(text);
  close(descriptor);
  if (stream.failure() != 0) {
    return cannot_write(ErrorKind::engine, path, stream.failure());
  }
  return {};
}

Result<void> check_one(const std::string& path) {
  const fs::path real = real_path(path);
  std::error_code failed;
  if (fs::is_directory(real, failed)) {
    return cannot_write(ErrorKind::usage, path, EISDIR);
  }
  if (is_special(real)) {
    return access(real.c_str(), W_OK) == 0 ? Result<void>()
                                           : cannot_write(ErrorKind::usage, path, errno);
  }
  const Draft draft(real);
  if (draft.failure_of_opening() != 0) {
    return cannot_write(ErrorKind::usage, path, draft.failure_of_opening());
  }
  return {};
}

std::vector<std::string> wanted(const ReportPaths& paths) {
  std::vector<std::string> result;
  for (const auto& path : {paths.junit, paths.json, paths.markdown}) {
    if (!path.empty()) {
      result.push_back(path);
    }
  }
  return result;
}

}  // namespace

Errors check_writable(const ReportPaths& paths) {
  Errors errors;
  std::set<std::string> seen;
  for (const auto& path : wanted(paths)) {
    if (!seen.insert(path == "-" ? path : real_path(path).string()).second) {
      errors.push_back({ErrorKind::usage, "two reports go to " + path, std::nullopt});
    } else if (path != "-") {
      if (auto checked = check_one(path); !checked) {
        errors.push_back(checked.error());
      }
    }
  }
  return errors;
}

bool uses_stdout(const ReportPaths& paths) {
  return paths.junit == "-" || paths.json == "-" || paths.markdown == "-";
}

Errors write_reports(const Report& report, const ReportPaths& paths, OutputStream& out) {
  struct Output {
    const std::string& path;
    std::string (*render)(const Report&);
  };
  const std::array<Output, 3> outputs = {
      {{paths.json, render_json}, {paths.junit, render_junit}, {paths.markdown, render_markdown}}};
  Errors errors;
  for (const auto& output : outputs) {
    if (output.path == "-") {
      out.write(output.render(report));
    } else if (!output.path.empty()) {
      if (auto written = write_file(output.path, output.render(report)); !written) {
        errors.push_back(written.error());
      }
    }
  }
  return errors;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  const fs::path real = real_path(path);
  if (is_special(real)) {
    return write_special(path, text);
  }
  Draft draft(real);
  int failure = draft.failure_of_opening();
  failure = failure != 0 ? failure : draft.write(text);
  failure = failure != 0 ? failure : draft.become(real);
  if (failure != 0) {
    return cannot_write(ErrorKind::engine, path, failure);
  }
  return {};
}

}  // namespace nettest
