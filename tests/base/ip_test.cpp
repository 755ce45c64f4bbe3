#include "base/ip.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

TEST(IpAddress, ParsesWhatTheApiServerParses) {
  EXPECT_EQ(to_string(*IpAddress::parse("10.0.0.1")), "10.0.0.1");
  EXPECT_EQ(to_string(*IpAddress::parse("FD00:0:0::1")), "fd00::1");
  EXPECT_FALSE(IpAddress::parse("10.0.0.01"));
  EXPECT_FALSE(IpAddress::parse("10.0.0"));
  EXPECT_FALSE(IpAddress::parse("fe80::1%eth0"));
  EXPECT_FALSE(IpAddress::parse(""));
  EXPECT_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0", 9)));
}

TEST(IpAddress, HasNeighboursUpToTheEndsOfItsFamily) {
  EXPECT_EQ(to_string(*IpAddress::parse("10.0.0.255")->next()), "10.0.1.0");
  EXPECT_EQ(to_string(*IpAddress::parse("10.0.1.0")->previous()), "10.0.0.255");
  EXPECT_FALSE(IpAddress::parse("255.255.255.255")->next());
  EXPECT_FALSE(IpAddress::parse("::")->previous());
}

TEST(Cidr, ClearsHostBits) {
  EXPECT_EQ(to_string(*Cidr::parse("10.10.1.12/24")), "10.10.1.0/24");
  EXPECT_EQ(to_string(*Cidr::parse("fd00::ffff/120")), "fd00::ff00/120");
  EXPECT_EQ(to_string(Cidr::parse("10.10.1.12/24")->last()), "10.10.1.255");
}

TEST(Cidr, RefusesWhatIsNoBlock) {
  for (const char* text : {"10.0.0.0",
                           "10.0.0.0/33",
                           "::/129",
                           "10.0.0.0/-1",
                           "10.0.0.0/08",
                           "10.0.0.0/",
                           "/8",
                           "x/8"}) {
    EXPECT_FALSE(Cidr::parse(text)) << text;
  }
}

TEST(Cidr, ContainsAddressesAndBlocksOfItsFamilyOnly) {
  const auto all = *Cidr::parse("0.0.0.0/0");
  EXPECT_TRUE(all.contains(*IpAddress::parse("255.255.255.255")));
  EXPECT_FALSE(all.contains(*IpAddress::parse("::")));
  EXPECT_TRUE(all.contains(*Cidr::parse("10.0.0.0/8")));
  EXPECT_TRUE(all.contains(all));
  EXPECT_FALSE(Cidr::parse("10.0.0.0/8")->contains(all));
}

}  // namespace
}  // namespace nettest
