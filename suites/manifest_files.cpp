#include "suites/manifest_files.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "suites/document.hpp"

namespace nettest {

namespace {

namespace fs = std::filesystem;

bool is_manifest_name(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

tl::unexpected<Error> unreadable(const std::string& path, std::string message) {
  return fail(ErrorKind::suite, std::move(message), {path, 0, 0});
}

Result<std::vector<std::string>> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, failed);
  const fs::recursive_directory_iterator end;
  while (!failed && at != end) {
    if (at->is_directory(failed) && at->path().filename() == ".git") {
      at.disable_recursion_pending();
    } else if (!failed && is_manifest_name(at->path()) && !at->is_directory(failed)) {
      files.push_back(at->path().string());
    }
    if (!failed) {
      at.increment(failed);
    }
  }
  if (failed) {
    return unreadable(folder, "cannot read this directory: " + failed.message());
  }
  if (files.empty()) {
    return unreadable(folder, "no *.yaml, *.yml or *.json file in this directory");
  }
  std::sort(files.begin(), files.end());
  return files;
}

void read_path(const std::string& path, std::istream& input, ManifestReader& reader) {
  if (path == "-") {
    const std::string text((std::istreambuf_iterator<char>(input)), {});
    reader.add(text, "<stdin>");
    return;
  }
  std::vector<std::string> files = {path};
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    auto found = files_below(path);
    if (!found) {
      reader.add_unreadable(found.error());
      return;
    }
    files = std::move(*found);
  }
  for (const std::string& file : files) {
    const auto text = read_text_file(file);
    if (text) {
      reader.add(*text, file);
    } else {
      reader.add_unreadable(text.error());
    }
  }
}

}  // namespace

Checked<Inventory> read_manifests(const std::vector<std::string>& paths,
                                  const ManifestOptions& options,
                                  std::istream& input) {
  ManifestReader reader(options);
  for (const std::string& path : paths) {
    read_path(path, input, reader);
  }
  return reader.finish();
}

}  // namespace nettest
