#include "results/matrix.hpp"

#include <string>

#include <gtest/gtest.h>

#include "results/outputs.hpp"
#include "results/table.hpp"
#include "tests/results/builders.hpp"

namespace nettest {
namespace {

using test::matrix;

std::vector<Matrix> matrices(const std::vector<Comparison>& comparisons) {
  std::vector<MarkedProbe> probes;
  for (const auto& comparison : comparisons) {
    probes.push_back({&comparison.probe, mark_of(comparison)});
  }
  return make_matrices(probes);
}

Probe like(Protocol protocol, Port port) {
  Probe probe;
  probe.protocol = protocol;
  probe.port = port;
  return probe;
}

std::vector<Comparison> together(std::vector<Comparison> first,
                                 const std::vector<Comparison>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const std::vector<std::string> kPods = {"x/a", "x/b", "y/a"};

TEST(Marks, TellObservationAndAgreementApart) {
  const auto round = matrix(kPods, {".X.!", "X!?~"});
  std::string shown;
  for (const auto& comparison : round) {
    const Mark mark = mark_of(comparison);
    shown += {mark.symbol, mark.flag, '|'};
  }
  EXPECT_EQ(shown, ". |X |.!|X!|? |X~|");
  EXPECT_EQ(mark_of(test::judged(test::probe("x/a", "x/b"),
                                 test::predicted(Verdict::blocked),
                                 test::attempts({Signal::timed_out, Signal::connected}))),
            (Mark{'%', '!'}));
  EXPECT_EQ(mark_of(test::predicted(Verdict::either)), (Mark{'~', ' '}));
}

TEST(Matrices, FoldWhatIsIdentical) {
  const std::vector<std::string> rows = {"..X", "X..", "..."};
  const auto result =
      matrices(together(together(matrix(kPods, rows, like(Protocol::tcp, 80)),
                                 matrix(kPods, rows, like(Protocol::udp, 80))),
                        matrix(kPods, {"...", "X..", "..."}, like(Protocol::tcp, 81))));
  ASSERT_EQ(result.size(), 2U);
  EXPECT_EQ(result[0].heading, "TCP 80, UDP 80 by pod IP");
  EXPECT_EQ(result[1].heading, "TCP 81 by pod IP");
  EXPECT_EQ(result[0].at(0, 2), (Mark{'X', ' '}));
}

TEST(Matrices, FoldNothingThatDiffersOnlyInAgreement) {
  const auto result = matrices(together(matrix(kPods, {"X"}, like(Protocol::tcp, 80)),
                                        matrix(kPods, {"X!"}, like(Protocol::tcp, 81))));
  EXPECT_EQ(result.size(), 2U);
}

TEST(Matrices, StandSideBySideWhenTheirColumnsDiffer) {
  const auto result =
      matrices(together(matrix(kPods, {".--", "X--", ".--"}, like(Protocol::tcp, 80)),
                        matrix(kPods, {"--X", "--X", "--."}, like(Protocol::udp, 53))));
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].heading, "by pod IP");
  ASSERT_EQ(result[0].columns.size(), 2U);
  EXPECT_EQ(to_string(result[0].columns[0]), "x/a:80");
  EXPECT_EQ(to_string(result[0].columns[1]), "y/a:53/UDP");
  EXPECT_EQ(result[0].at(2, 1), (Mark{'.', ' '}));
}

TEST(Matrices, KeepWaysOfAskingApart) {
  auto six = like(Protocol::tcp, 80);
  six.family = IpFamily::ipv6;
  auto wget = like(Protocol::tcp, 80);
  wget.client = Client::wget;
  const auto result =
      matrices(together(matrix(kPods, {"."}, like(Protocol::tcp, 80)),
                        together(matrix(kPods, {"."}, six), matrix(kPods, {"."}, wget))));
  ASSERT_EQ(result.size(), 3U);
  EXPECT_EQ(result[1].heading, "TCP 80 by pod IP, IPv6");
  EXPECT_EQ(result[2].heading, "TCP 80 by pod IP, with wget");
}

TEST(Matrices, ShowTheWorseOfTwoProbesInACell) {
  auto round = together(matrix(kPods, {".!"}), matrix(kPods, {"."}));
  EXPECT_EQ(matrices(round).at(0).at(0, 0), (Mark{'.', '!'}));
  round = together(matrix(kPods, {"."}), matrix(kPods, {"?"}));
  EXPECT_EQ(matrices(round).at(0).at(0, 0), (Mark{'?', ' '}));
}

std::vector<std::string> pods(std::size_t spaces, std::size_t each) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < spaces * each; ++i) {
    result.push_back("n" + std::to_string(i / each) + "/p" + std::to_string(i % each));
  }
  return result;
}

/// Everything blocked but a pod's own pair.
std::vector<std::string> closed(std::size_t size) {
  std::vector<std::string> rows(size, std::string(size, 'X'));
  for (std::size_t i = 0; i < size; ++i) {
    rows[i][i] = '.';
  }
  return rows;
}

TEST(Condensed, LeavesSmallMatricesAlone) {
  const auto small = matrices(matrix(pods(1, 5), closed(5))).at(0);
  EXPECT_EQ(condensed(small, 5).marks, small.marks);
  EXPECT_EQ(condensed(small, 5).note, "");
}

TEST(Condensed, JoinsPodsThatBehaveAlikeInSpiteOfTheirOwnPairs) {
  const auto one = condensed(matrices(matrix(pods(2, 10), closed(20))).at(0), 10);
  ASSERT_EQ(one.rows.size(), 1U);
  EXPECT_EQ(one.at(0, 0), (Mark{'X', ' '})) << "not the own pair";
  EXPECT_EQ(one.rows[0].name, "n0/*, n1/* (20)");
}

TEST(Condensed, NeverHidesAMismatch) {
  for (const std::size_t limit : {std::size_t{1}, std::size_t{3}, std::size_t{10}}) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{19}}) {
      auto rows = closed(20);
      rows[3].replace(at, 1, at == 3 ? "." : ".!");
      const auto whole = matrices(matrix(pods(2, 10), rows)).at(0);
      const auto small = condensed(whole, limit);
      const bool shown = std::any_of(
          small.marks.begin(), small.marks.end(), [](Mark mark) { return is_trouble(mark); });
      EXPECT_TRUE(shown || small.note.find(".! 1") != std::string::npos)
          << limit << " " << at << " " << small.note;
    }
  }
}

TEST(Condensed, CountsMarksWhenNothingElseFits) {
  auto rows = closed(20);
  rows[3][5] = '.';
  const auto none = condensed(matrices(matrix(pods(20, 1), rows)).at(0), 1);
  EXPECT_TRUE(none.rows.empty());
  EXPECT_NE(none.note.find(". 21, X 379"), std::string::npos) << none.note;
}

TEST(Table, NeverExceedsTheTerminal) {
  auto rows = closed(40);
  for (std::size_t i = 0; i < 40; ++i) {
    rows[i][(i * 7) % 40] = '.';
  }
  const auto text = table_text(matrices(matrix(pods(4, 10), rows)), {false, 80});
  std::size_t start = 0;
  while (start < text.size()) {
    const auto end = text.find('\n', start);
    EXPECT_LE(end - start, 80U) << text.substr(start, end - start);
    start = end + 1;
  }
  EXPECT_NE(text.find("40 n3/p9"), std::string::npos) << "every pod has its row";
}

TEST(Table, AddsNothingButColour) {
  const auto round = matrices(matrix(kPods, {".X.!", "X!?~", "..."}));
  const auto plain = table_text(round, {false, 80});
  auto coloured = table_text(round, {true, 80});
  EXPECT_NE(plain, coloured);
  for (auto at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(plain, coloured);
}

}  // namespace
}  // namespace nettest
