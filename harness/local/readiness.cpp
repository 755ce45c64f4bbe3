#include "harness/local/readiness.hpp"

#include <algorithm>
#include <chrono>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string>

namespace nettest {

namespace {

constexpr auto kPatience = std::chrono::seconds(10);

/// The attribute of an answer, or nullptr.
const nlattr* find_attribute(const std::vector<char>& answer, unsigned header_size, int wanted) {
  const auto* header = reinterpret_cast<const nlmsghdr*>(answer.data());
  const auto* attribute =
      static_cast<const nlattr*>(mnl_nlmsg_get_payload_offset(header, header_size));
  const auto* const end = static_cast<const char*>(mnl_nlmsg_get_payload_tail(header));
  while (mnl_attr_ok(attribute, static_cast<int>(end - reinterpret_cast<const char*>(attribute)))) {
    if (mnl_attr_get_type(attribute) == wanted) {
      return attribute;
    }
    attribute = mnl_attr_next(attribute);
  }
  return nullptr;
}

Result<bool> link_is_ready(const Awaited& awaited) {
  auto* const header = awaited.netlink->message(RTM_GETLINK, 0, "look at a link");
  auto* const info = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(header, sizeof(ifinfomsg)));
  info->ifi_index = awaited.index;
  const auto answer = awaited.netlink->ask();
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  const nlattr* const state = find_attribute(*answer, sizeof(ifinfomsg), IFLA_OPERSTATE);
  return state != nullptr && mnl_attr_get_u8(state) == IF_OPER_UP;
}

/// The worker that ends an address's tentative time inserts its local route last.
Result<bool> address_is_ready(const Awaited& awaited) {
  auto* const header = awaited.netlink->message(RTM_GETROUTE, 0, "look at an address");
  auto* const info = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(rtmsg)));
  info->rtm_family = AF_INET6;
  info->rtm_dst_len = 128;
  mnl_attr_put(header, RTA_DST, 16, awaited.address->bytes().data());
  const auto answer = awaited.netlink->ask();
  if (!answer) {
    return tl::unexpected(answer.error());
  }
  const auto* route = static_cast<const rtmsg*>(
      mnl_nlmsg_get_payload(reinterpret_cast<const nlmsghdr*>(answer->data())));
  return route->rtm_type == RTN_LOCAL;
}

Result<bool> is_ready(const Awaited& awaited) {
  return awaited.address ? address_is_ready(awaited) : link_is_ready(awaited);
}

std::string describe(const Awaited& awaited) {
  return awaited.address ? "address " + to_string(*awaited.address) + " is not usable"
                         : "link " + std::to_string(awaited.index) + " does not carry packets";
}

}  // namespace

Result<void> wait_until_ready(std::vector<Awaited> awaited) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    std::vector<Awaited> waiting;
    for (const Awaited& one : awaited) {
      const auto ready = is_ready(one);
      if (!ready) {
        return tl::unexpected(ready.error());
      }
      if (!*ready) {
        waiting.push_back(one);
      }
    }
    if (waiting.empty()) {
      return {};
    }
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorKind::engine,
                  describe(waiting.front()) + " after 10 s: the kernel is too busy");
    }
    awaited = std::move(waiting);
    poll(nullptr, 0, 1);
  }
}

}  // namespace nettest
