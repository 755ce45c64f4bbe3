// In which parts the changes of a step reach an engine.
#include "harness/installments.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

Change policy(const std::string& name) {
  NetworkPolicy value;
  value.id = {"x", name};
  return {ApplyPolicy{value}, {}};
}

Change pod(const std::string& name) {
  Pod value;
  value.id = {"x", name};
  return {CreatePod{value}, {}};
}

std::vector<std::size_t> sizes(const std::vector<Change>& changes) {
  std::vector<std::size_t> result;
  for (const auto& part : installments_of(changes)) {
    result.push_back(part.size());
  }
  return result;
}

TEST(Installments, SendAtOnceWhatSpeaksOfNoNewAddress) {
  EXPECT_TRUE(sizes({}).empty());
  EXPECT_EQ(sizes({policy("one"), {DeletePolicy{{"x", "two"}}, {}}, pod("a")}),
            (std::vector<std::size_t>{3}));
  EXPECT_EQ(sizes({{CreateNamespace{{"w", {}, false, {}}}, {}}, policy("one")}),
            (std::vector<std::size_t>{2}));
}

TEST(Installments, SendPoliciesAfterThePodsAndServicesBeforeThem) {
  EXPECT_EQ(sizes({pod("a"), pod("b"), policy("one"), policy("two")}),
            (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(sizes({policy("one"), {CreateService{}, {}}, policy("two"), pod("a"), policy("three")}),
            (std::vector<std::size_t>{2, 2, 1}));
}

}  // namespace
}  // namespace nettest
