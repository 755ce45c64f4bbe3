// Every fault is shown by the catalogue, or by nothing; and by a small suite that can be pasted.
#include "harness/mutation/exhibition.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "harness/local/faults/faulty_compiler.hpp"
#include "suites/catalogue/catalogue.hpp"
#include "suites/suite_reader.hpp"
#include "suites/suite_writer.hpp"
#include "tests/mutation/capabilities.hpp"

namespace nettest {
namespace {

const Fault& fault(const std::string& name) {
  return *find_faults({name})->front();
}

TEST(Exhibition, MakesASmallSuiteOfACase) {
  Exhibition exhibition(local_capabilities());
  const auto example = exhibition.example(fault("ipv6-not-enforced"));
  ASSERT_TRUE(example);
  EXPECT_EQ(write_suite(*example), R"(apiVersion: nettest/v1
kind: Suite
metadata: {name: shows-ipv6-not-enforced, description: "Policies have no effect on IPv6."}
world:
  namespaces:
    - {name: x}
  pods:
    - {name: a, namespace: x}
    - {name: b, namespace: x, ports: [{port: 80, protocol: TCP}]}
probes:
  - {from: x/a, to: "x/b:80/TCP", families: [IPv6]}
cases:
  - name: families/deny-ingress
    description: "What is shut is shut in both families."
    needs: [ipv6]
    detects: [F1, P6]
    steps:
      - name: "apply NetworkPolicy x/shut"
        apply:
          - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: shut}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: []}}
        expect:
          - {deny: "x/a -> x/b:80/TCP"}
)");
}

/// As a person would paste it.
void expect_shown_by_what_is_written(const Fault& fault, const Suite& example) {
  const std::string text = write_suite(example);
  const auto suite = read_suite_text(text, fault.name + ".yaml", ".");
  ASSERT_TRUE(suite) << to_string(suite.error().front()) << "\n" << text;
  const auto rehearsal = Rehearsal::of(*suite, local_capabilities());
  ASSERT_TRUE(rehearsal) << to_string(rehearsal.error().front()) << "\n" << text;
  EXPECT_EQ(rehearsal->rehearse(fault).trace, Trace::shown) << text;
  EXPECT_LE(suite->world.pods.size(), 9U);
}

TEST(Exhibition, HasAnExampleOfEveryFaultThatIsNotEquivalent) {
  Exhibition exhibition(local_capabilities());
  for (const Fault& one : all_faults()) {
    SCOPED_TRACE(one.name);
    if (!one.equivalent.empty()) {
      continue;
    }
    const auto example = exhibition.example(one);
    EXPECT_TRUE(example) << "add a case to the catalogue that shows it";
    if (example) {
      expect_shown_by_what_is_written(one, *example);
    }
  }
}

bool is_about_blocks_or_services(const Case& value) {
  return std::any_of(value.detects.begin(), value.detects.end(), [](const std::string& code) {
    return code.starts_with('B') || code.starts_with('N');
  });
}

/// In the cases that come nearest to them; `nettest mutate builtin:conformance` asks all.
TEST(Exhibition, HasNoCaseForWhatIsEquivalent) {
  Suite suite = *builtin_suite("conformance");
  std::erase_if(suite.cases, [](const Case& value) { return !is_about_blocks_or_services(value); });
  const auto rehearsal = Rehearsal::of(suite, local_capabilities());
  ASSERT_TRUE(rehearsal);
  EXPECT_GT(rehearsal->cases().size(), 20U);
  for (const Fault& one : all_faults()) {
    for (std::size_t i = 0; i < rehearsal->cases().size() && !one.equivalent.empty(); ++i) {
      EXPECT_TRUE(rehearsal->rehearse_case(one, i).empty())
          << one.name << " is shown by " << rehearsal->cases()[i].value->name;
    }
  }
}

}  // namespace
}  // namespace nettest
