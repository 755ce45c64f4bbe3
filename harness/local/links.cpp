#include "harness/local/links.hpp"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string>

namespace nettest {

namespace {

constexpr unsigned kCreate = NLM_F_CREATE | NLM_F_EXCL;

std::uint8_t family_of(const IpAddress& address) {
  return address.family() == IpFamily::ipv4 ? AF_INET : AF_INET6;
}

void put_address(nlmsghdr* header, std::uint16_t attribute, const IpAddress& address) {
  mnl_attr_put(
      header, attribute, static_cast<std::size_t>(address.width() / 8), address.bytes().data());
}

template <typename Header>
Header* extra_header(nlmsghdr* header) {
  return static_cast<Header*>(mnl_nlmsg_put_extra_header(header, sizeof(Header)));
}

ifinfomsg* link_header(nlmsghdr* header, int index) {
  auto* const info = extra_header<ifinfomsg>(header);
  info->ifi_family = AF_UNSPEC;
  info->ifi_index = index;
  return info;
}

void put_identity(nlmsghdr* header, const VethEnd& end) {
  mnl_attr_put_strz(header, IFLA_IFNAME, end.name.c_str());
  mnl_attr_put(header, IFLA_ADDRESS, end.mac.size(), end.mac.data());
  if (end.network >= 0) {
    mnl_attr_put_u32(header, IFLA_NET_NS_FD, static_cast<std::uint32_t>(end.network));
  }
}

void put_route(nlmsghdr* header, const Route& route) {
  const bool direct = !route.via;
  auto* const info = extra_header<rtmsg>(header);
  info->rtm_family = family_of(route.to.address());
  info->rtm_dst_len = static_cast<std::uint8_t>(route.to.length());
  info->rtm_table = RT_TABLE_MAIN;
  info->rtm_protocol = RTPROT_STATIC;
  info->rtm_type = RTN_UNICAST;
  info->rtm_scope =
      direct && route.to.family() == IpFamily::ipv4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  info->rtm_flags = direct ? 0 : static_cast<unsigned>(RTNH_F_ONLINK);
  if (route.to.length() > 0) {
    put_address(header, RTA_DST, route.to.address());
  }
  if (route.via) {
    put_address(header, RTA_GATEWAY, *route.via);
  }
  mnl_attr_put_u32(header, RTA_OIF, static_cast<std::uint32_t>(route.index));
}

}  // namespace

void add_veth(Netlink& netlink, const VethEnd& here, const VethEnd& there) {
  nlmsghdr* const header = netlink.message(
      RTM_NEWLINK, kCreate, "create veth pair " + here.name + " (is the module veth there?)");
  link_header(header, here.index);
  put_identity(header, here);
  nlattr* const info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
  nlattr* const data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  nlattr* const peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
  link_header(header, there.index);
  put_identity(header, there);
  mnl_attr_nest_end(header, peer);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, info);
}

void set_up(Netlink& netlink, int index, bool forward) {
  nlmsghdr* const header =
      netlink.message(RTM_NEWLINK, 0, "set link " + std::to_string(index) + " up");
  ifinfomsg* const info = link_header(header, index);
  info->ifi_flags = IFF_UP;
  info->ifi_change = IFF_UP;
  if (!forward) {
    return;
  }
  nlattr* const families = mnl_attr_nest_start(header, IFLA_AF_SPEC);
  nlattr* const inet = mnl_attr_nest_start(header, AF_INET);
  nlattr* const settings = mnl_attr_nest_start(header, IFLA_INET_CONF);
  mnl_attr_put_u32(header, IPV4_DEVCONF_FORWARDING, 1);
  mnl_attr_put_u32(header, IPV4_DEVCONF_SEND_REDIRECTS, 0);
  mnl_attr_put_u32(header, IPV4_DEVCONF_RP_FILTER, 0);
  mnl_attr_nest_end(header, settings);
  mnl_attr_nest_end(header, inet);
  mnl_attr_nest_end(header, families);
}

void set_no_link_local(Netlink& netlink, int index) {
  nlmsghdr* const header = netlink.message(
      RTM_NEWLINK, 0, "turn off IPv6 link-local addresses of link " + std::to_string(index));
  link_header(header, index);
  nlattr* const families = mnl_attr_nest_start(header, IFLA_AF_SPEC);
  nlattr* const inet6 = mnl_attr_nest_start(header, AF_INET6);
  mnl_attr_put_u8(header, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  mnl_attr_nest_end(header, inet6);
  mnl_attr_nest_end(header, families);
}

void add_address(Netlink& netlink, int index, const IpAddress& address) {
  nlmsghdr* const header =
      netlink.message(RTM_NEWADDR, kCreate, "add address " + to_string(address));
  auto* const info = extra_header<ifaddrmsg>(header);
  info->ifa_family = family_of(address);
  info->ifa_prefixlen = static_cast<std::uint8_t>(address.width());
  info->ifa_flags = IFA_F_PERMANENT | IFA_F_NODAD;
  info->ifa_scope = RT_SCOPE_UNIVERSE;
  info->ifa_index = static_cast<std::uint32_t>(index);
  put_address(header, IFA_LOCAL, address);
  put_address(header, IFA_ADDRESS, address);
}

void add_route(Netlink& netlink, const Route& route) {
  put_route(netlink.message(RTM_NEWROUTE, kCreate, "add route to " + to_string(route.to)), route);
}

void delete_route(Netlink& netlink, const Cidr& to) {
  nlmsghdr* const header = netlink.message(RTM_DELROUTE, 0, "delete route to " + to_string(to));
  auto* const info = extra_header<rtmsg>(header);
  info->rtm_family = family_of(to.address());
  info->rtm_dst_len = static_cast<std::uint8_t>(to.length());
  info->rtm_table = RT_TABLE_MAIN;
  info->rtm_scope = RT_SCOPE_NOWHERE;
  put_address(header, RTA_DST, to.address());
}

void add_neighbour(Netlink& netlink, int index, const IpAddress& address, const Mac& mac) {
  nlmsghdr* const header =
      netlink.message(RTM_NEWNEIGH, kCreate, "add neighbour " + to_string(address));
  auto* const info = extra_header<ndmsg>(header);
  info->ndm_family = family_of(address);
  info->ndm_ifindex = index;
  info->ndm_state = NUD_PERMANENT;
  put_address(header, NDA_DST, address);
  mnl_attr_put(header, NDA_LLADDR, mac.size(), mac.data());
}

void delete_link(Netlink& netlink, int index) {
  link_header(netlink.message(RTM_DELLINK, 0, "delete link " + std::to_string(index)), index);
}

}  // namespace nettest
