#include "harness/local/forbidden.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

namespace nettest {

namespace {

std::optional<std::string> setting(const std::string& name) {
  std::string path = "/proc/sys/" + name;
  for (auto at = path.find('.', 10); at != std::string::npos; at = path.find('.', at)) {
    path[at] = '/';
  }
  std::ifstream file(path);
  std::string value;
  if (!(file >> value)) {
    return std::nullopt;
  }
  return value;
}

std::string set_this(const std::string& name, const std::string& value) {
  return name + " is " + setting(name).value_or("unknown") + ": run `sudo sysctl -w " + name + "=" +
         value + "`";
}

std::string advice_on_permission() {
  if (setting("kernel.unprivileged_userns_clone") == "0") {
    return set_this("kernel.unprivileged_userns_clone", "1");
  }
  if (setting("kernel.apparmor_restrict_unprivileged_userns") == "1") {
    return set_this("kernel.apparmor_restrict_unprivileged_userns", "0");
  }
  return "user namespaces are refused here, by the seccomp profile of a container or by a chroot: "
         "run outside of it, or start the container with `--security-opt seccomp=unconfined "
         "--security-opt apparmor=unconfined`";
}

std::string advice_on_namespaces(int error_number) {
  switch (error_number) {
    case ENOSPC:
      return "a limit on namespaces is reached: " + set_this("user.max_user_namespaces", "15000") +
             "; " + set_this("user.max_net_namespaces", "15000");
    case EINVAL:
      return "the kernel was built without these namespaces (CONFIG_USER_NS, CONFIG_NET_NS, "
             "CONFIG_PID_NS), or nettest has started a thread too early";
    case EPERM:
    case EACCES:
      return advice_on_permission();
    default:
      return "the local engine needs user, network, mount and PID namespaces";
  }
}

std::string advice(KernelNeed need, int error_number) {
  switch (need) {
    case KernelNeed::user_namespace:
    case KernelNeed::namespaces:
      return advice_on_namespaces(error_number);
    case KernelNeed::id_map:
      return advice_on_permission();
    case KernelNeed::mount:
      return "the local engine mounts only inside of its own mount namespace; a security module "
             "forbids even that: run outside of the container or profile";
    case KernelNeed::netlink:
      return "the local engine needs rtnetlink with veth (`sudo modprobe veth`)";
    case KernelNeed::nftables:
      return "the local engine needs nftables in the kernel (CONFIG_NF_TABLES with inet, nat and "
             "conntrack): run `sudo modprobe nf_tables nft_ct nft_nat nft_reject_inet nft_masq`";
    case KernelNeed::sysctl:
      return "/proc/sys is read-only here, as in containers: run outside of it, or start the "
             "container with `--privileged` or `--security-opt systempaths=unconfined`";
  }
  return "";
}

}  // namespace

std::string failed_call(std::string_view call, int error_number) {
  const char* const name = strerrorname_np(error_number);
  return std::string(call) + ": " + std::strerror(error_number) + " (" +
         (name == nullptr ? std::to_string(error_number) : name) + ")";
}

Error forbidden(KernelNeed need, std::string_view call, int error_number) {
  return {ErrorKind::engine,
          "the local engine cannot work here: " + failed_call(call, error_number) + "; " +
              advice(need, error_number),
          std::nullopt};
}

}  // namespace nettest
