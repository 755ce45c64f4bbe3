#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/known.hpp"

namespace nettest {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kList = R"(apiVersion: nettest/v1
kind: KnownDeviations
metadata: {name: mine, description: what we know}
known:
  - case: "peers/*"
    reason: it is so
    source: https://example.org/1
    cells: [{from: "x/*", to: y/b, port: 80, protocol: UDP}, {port: 81}]
    sometimes: true
  - {case: ports, reason: that too}
)";

TEST(KnownReader, ReadsEntriesWithTheirCells) {
  const auto list = read_known_text(kList, "k.yaml");
  ASSERT_TRUE(list) << to_string(list.error()[0]);
  EXPECT_EQ(list->name, "mine");
  ASSERT_THAT(list->deviations, SizeIs(2));
  const auto& first = list->deviations[0];
  EXPECT_EQ(first.case_glob, "peers/*");
  EXPECT_EQ(first.reason, "it is so");
  EXPECT_EQ(first.source, "https://example.org/1");
  EXPECT_EQ(to_string(first.where), "k.yaml:5:5");
  ASSERT_THAT(first.cells, SizeIs(2));
  EXPECT_EQ(first.cells[0].from, "x/*");
  EXPECT_EQ(first.cells[0].protocol, Protocol::udp);
  EXPECT_EQ(first.cells[1].from, "*");
  EXPECT_EQ(first.cells[1].port, Port{81});
  EXPECT_TRUE(first.sometimes);
  EXPECT_FALSE(list->deviations[1].sometimes);
  EXPECT_THAT(list->deviations[1].cells, SizeIs(0));
}

std::string all_errors(const std::string& text) {
  const auto list = read_known_text(text, "k.yaml");
  std::string messages;
  if (!list) {
    for (const auto& error : list.error()) {
      messages += to_string(error) + "\n";
    }
  }
  return messages;
}

TEST(KnownReader, TellsAllThatIsWrongAtOnce) {
  const auto errors = all_errors(R"(apiVersion: nettest/v2
kind: KnownDeviations
known:
  - {case: a, reson: typo}
  - {case: b, reason: r, cells: [{port: 70000, protocol: ICMP}]}
)");
  EXPECT_THAT(errors, HasSubstr("k.yaml:1:"));
  EXPECT_THAT(errors, HasSubstr("reson"));
  EXPECT_THAT(errors, HasSubstr("reason"));
  EXPECT_THAT(errors, HasSubstr("70000"));
  EXPECT_THAT(errors, HasSubstr("none of TCP, UDP, SCTP"));
}

TEST(KnownReader, RefusesWhatIsNoList) {
  EXPECT_THAT(all_errors("apiVersion: nettest/v1\nkind: Suite\nknown: []\n"), HasSubstr("kind"));
  EXPECT_THAT(all_errors("apiVersion: nettest/v1\nkind: KnownDeviations\n"), HasSubstr("known"));
  EXPECT_NE(all_errors("[]"), "");
}

}  // namespace
}  // namespace nettest
