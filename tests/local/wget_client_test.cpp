// What the end of a wget says: a client that did not keep its own time saw nothing.
#include "harness/local/wget_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nettest {
namespace {

using std::chrono::milliseconds;

struct End {
  std::string name;
  Wget::Flavour flavour = Wget::Flavour::gnu;
  milliseconds took{};
  bool killed = false;
  int exit_code = 0;
  std::string errors;
  Signal signal = Signal::connected;
};

class WgetEnd : public testing::TestWithParam<End> {};

TEST_P(WgetEnd, IsBelievedOnlyInItsTime) {
  const End& end = GetParam();
  Wget wget;
  wget.flavour = end.flavour;
  WgetQuestion question;
  question.timeout = milliseconds(250);
  ChildResult result;
  result.end.how = end.killed ? ChildEnd::How::signalled : ChildEnd::How::exited;
  result.end.number = end.killed ? 9 : end.exit_code;
  result.errors = end.errors;
  result.took = end.took;
  result.timed_out = end.killed;
  const Attempt attempt = wget_attempt(wget, question, result);
  EXPECT_EQ(to_string(attempt.signal), to_string(end.signal)) << attempt.detail;
  if (end.signal == Signal::unusable) {
    EXPECT_THAT(attempt.detail, testing::StartsWith("this machine was too busy"));
  }
}

constexpr auto kGnu = Wget::Flavour::gnu;
constexpr auto kBusyBox = Wget::Flavour::busybox;
const std::string kSilent = "failed: Connection timed out.";
const std::string kNameless = "wget: unable to resolve host address 'web'";

std::string end_name(const testing::TestParamInfo<End>& end) {
  return end.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Ends,
    WgetEnd,
    testing::Values(
        End{"Open", kGnu, milliseconds(8), false, 0, "", Signal::connected},
        End{"OpenHoweverLate", kGnu, milliseconds(9000), false, 0, "", Signal::connected},
        End{"Silent", kGnu, milliseconds(258), false, 4, kSilent, Signal::timed_out},
        End{"SilentLate", kGnu, milliseconds(1300), false, 4, kSilent, Signal::unusable},
        End{"Nameless", kGnu, milliseconds(258), false, 4, kNameless, Signal::dns_failed},
        End{"NamelessLate", kGnu, milliseconds(1300), false, 4, kNameless, Signal::unusable},
        End{"KilledThoughItHasATimeout", kGnu, milliseconds(1001), true, 0, "", Signal::unusable},
        End{"KilledAsItCountsSeconds",
            kBusyBox,
            milliseconds(1001),
            true,
            0,
            "",
            Signal::timed_out},
        End{"KilledLate", kBusyBox, milliseconds(3000), true, 0, "", Signal::unusable}),
    end_name);

}  // namespace
}  // namespace nettest
