#include "harness/local/pod_files.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sys/mount.h>
#include <unistd.h>

#include "harness/local/forbidden.hpp"

namespace nettest {

namespace {

constexpr std::array<const char*, 3> kCovered = {"resolv.conf", "hosts", "nsswitch.conf"};

Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    return fail(ErrorKind::engine, failed_call("write(" + path + ")", errno));
  }
  return {};
}

Result<void> bind_mount(const std::string& from, const std::string& to) {
  if (mount(from.c_str(), to.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    return tl::unexpected(forbidden(KernelNeed::mount, "mount(" + to + ", MS_BIND)", errno));
  }
  return {};
}

bool exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

}  // namespace

std::string resolv_conf(const std::string& namespace_name, const std::vector<IpAddress>& dns) {
  std::string text;
  for (const auto& address : dns) {
    text += "nameserver " + to_string(address) + "\n";
  }
  return text + "search " + namespace_name +
         ".svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n";
}

std::string hosts_file(const PodId& id, const std::vector<IpAddress>& addresses) {
  std::string text =
      "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
      "fe00::0\tip6-localnet\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";
  for (const auto& address : addresses) {
    text += to_string(address) + "\t" + id.name + "\n";
  }
  return text;
}

std::string PodFiles::folder_of(const PodId& id) const {
  // Names of namespaces and pods hold no underscore and no slash.
  return folder_ + "/" + id.namespace_name + "_" + id.name;
}

Result<void> PodFiles::prepare() const {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  if (auto written =
          write_file(folder_ + "/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
      !written) {
    return written;
  }
  // A running nscd would answer for the host's resolver, from any network namespace.
  for (const char* cache : {"/run/nscd", "/var/run/nscd"}) {
    if (exists(cache)) {
      static_cast<void>(mount("nettest", cache, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"));
      break;
    }
  }
  for (const char* name : kCovered) {
    if (!exists(std::string("/etc/") + name)) {
      return stand_in_for_etc();
    }
  }
  return {};
}

/// Covers /etc by a folder of links into the real one, in which the missing files exist: a file can
/// only be bound over one that is there.
Result<void> PodFiles::stand_in_for_etc() const {
  const std::string real = folder_ + "/real-etc";
  const std::string shown = folder_ + "/etc";
  std::error_code error;
  std::filesystem::create_directories(real, error);
  std::filesystem::create_directories(shown, error);
  if (mount("/etc", real.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
    return tl::unexpected(forbidden(KernelNeed::mount, "mount(/etc, MS_BIND)", errno));
  }
  for (const auto& entry : std::filesystem::directory_iterator(real, error)) {
    const std::string name = entry.path().filename().string();
    std::filesystem::create_symlink(entry.path(), std::filesystem::path(shown) / name, error);
  }
  for (const char* name : kCovered) {
    const std::string path = shown + "/" + name;
    if (!exists(path)) {
      std::filesystem::remove(path, error);
      if (auto written = write_file(path, ""); !written) {
        return written;
      }
    }
  }
  return bind_mount(shown, "/etc");
}

Result<void> PodFiles::write(const PodId& id,
                             const std::vector<IpAddress>& addresses,
                             const std::vector<IpAddress>& dns) const {
  const std::string folder = folder_of(id);
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  if (auto written = write_file(folder + "/resolv.conf", resolv_conf(id.namespace_name, dns));
      !written) {
    return written;
  }
  return write_file(folder + "/hosts", hosts_file(id, addresses));
}

Result<void> PodFiles::furnish(const PodId& id) const {
  const std::string folder = folder_of(id);
  for (const char* name : {"resolv.conf", "hosts"}) {
    if (auto bound = bind_mount(folder + "/" + name, std::string("/etc/") + name); !bound) {
      return bound;
    }
  }
  if (auto bound = bind_mount(folder_ + "/nsswitch.conf", "/etc/nsswitch.conf"); !bound) {
    return bound;
  }
  // A kubelet cuts the name to the 63 bytes of a hostname.
  const std::string name = id.name.substr(0, 63);
  if (sethostname(name.data(), name.size()) != 0) {
    return tl::unexpected(forbidden(KernelNeed::namespaces, "sethostname", errno));
  }
  return {};
}

void PodFiles::remove(const PodId& id) const {
  std::error_code ignored;
  std::filesystem::remove_all(folder_of(id), ignored);
}

}  // namespace nettest
