#include "harness/local/nft.hpp"

#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <nftables/libnftables.h>
#include <string>
#include <sys/socket.h>
#include <utility>

#include "base/text.hpp"
#include "harness/local/forbidden.hpp"

namespace nettest {

namespace {

/// In units of a rule. libnftables sends a transaction as one message, which fails with EMSGSIZE
/// from about 350 rules on with the default send buffer of an unprivileged user.
constexpr std::size_t kCostPerTransaction = 150;
constexpr std::size_t kCostOfElements = 5;

std::size_t cost(const std::string& command) {
  return command.starts_with("add element") ? kCostOfElements : 1;
}

int lowest_free_descriptor() {
  const Descriptor probe(open("/dev/null", O_RDONLY | O_CLOEXEC));
  return probe.get();
}

/// libnftables opens its socket as the lowest free descriptor and does not tell; it also leaves it
/// open across exec.
void tune_socket(int descriptor) {
  int protocol = 0;
  socklen_t length = sizeof(protocol);
  if (getsockopt(descriptor, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) != 0 ||
      protocol != NETLINK_NETFILTER) {
    return;
  }
  const int size = 4 << 20;
  setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

std::string first_line(const char* text) {
  const std::string all = text == nullptr ? "" : text;
  return all.substr(0, all.find('\n'));
}

}  // namespace

void Nft::Free::operator()(nft_ctx* context) const {
  nft_ctx_free(context);
}

Nft::Nft(nft_ctx* context, Netlink netlink) : context_(context), netlink_(std::move(netlink)) {}

Result<Nft> Nft::open() {
  // nft_ctx_new prints and calls exit() where this fails.
  auto netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) {
    return tl::unexpected(netlink.error());
  }
  const int socket = lowest_free_descriptor();
  nft_ctx* const context = nft_ctx_new(NFT_CTX_DEFAULT);
  if (context == nullptr) {
    return fail(ErrorKind::engine, "libnftables cannot be set up");
  }
  tune_socket(socket);
  nft_ctx_buffer_error(context);
  nft_ctx_buffer_output(context);
  return Nft(context, std::move(*netlink));
}

Result<void> Nft::run(const std::string& commands) {
  if (nft_run_cmd_from_buffer(context_.get(), commands.c_str()) != 0) {
    return fail(
        ErrorKind::engine,
        "nftables refuses a ruleset: " + first_line(nft_ctx_get_error_buffer(context_.get())) +
            " (does this kernel have nf_tables with inet, nat, ct, reject and numgen? try "
            "`sudo modprobe -a nf_tables nft_ct nft_chain_nat nft_reject_inet nft_numgen`)");
  }
  // Reading empties the buffers, which grow otherwise.
  nft_ctx_get_error_buffer(context_.get());
  nft_ctx_get_output_buffer(context_.get());
  return {};
}

/// Loads all but the last piece of the body; that one stays in `last`.
Result<void> Nft::stage(const NftProgram& next, std::string& last) {
  std::size_t load = 0;
  for (const std::string& command : next.body) {
    if (load + cost(command) > kCostPerTransaction) {
      if (auto loaded = run(last); !loaded) {
        return loaded;
      }
      last.clear();
      load = 0;
    }
    last += command + "\n";
    load += cost(command);
  }
  return {};
}

Result<void> Nft::replace(const NftProgram& next, Connections open) {
  std::string last;
  auto loaded = stage(next, last);
  if (loaded) {
    last += join(next.hooks, "\n") + "\n";
    if (!table_.empty()) {
      last += "delete table inet " + table_ + "\n";
    }
    loaded = run(last);
  }
  if (!loaded) {
    static_cast<void>(run("add table inet " + next.table + "\ndelete table inet " + next.table));
    return loaded;
  }
  table_ = next.table;
  return open == Connections::forget ? forget_connections() : Result<void>();
}

Result<void> Nft::forget_connections() {
  nlmsghdr* const header =
      netlink_.message((NFNL_SUBSYS_CTNETLINK << 8U) | IPCTNL_MSG_CT_DELETE,
                       0,
                       "flush connection tracking (is the module nf_conntrack_netlink there?)");
  auto* const info = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  info->nfgen_family = AF_UNSPEC;
  info->version = NFNETLINK_V0;
  return netlink_.flush();
}

}  // namespace nettest
