// JUnit XML that holds to the schemas of Jenkins (xunit plugin, junit-10.xsd) and of Maven
// Surefire (surefire-test-report.xsd) at once. Surefire's decides what looks odd here:
// - its root is `testsuite`, so one suite stands alone; `testsuites` only holds several (which
//   only Jenkins' schema knows);
// - it has no attributes `timestamp` and `hostname`, so both are properties;
// - times have at most three decimals, `type` is required, and so is every count.
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "results/findings.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"
#include "results/xml_text.hpp"

namespace nettest {

namespace {

struct Tally {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  Duration took{};
};

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(xml_text(value).c_str());
}

void property(pugi::xml_node properties, const std::string& name, const std::string& value) {
  auto node = properties.append_child("property");
  set(node, "name", name);
  set(node, "value", value);
}

/// A child with type, message and text: a failure or an error.
void complain(pugi::xml_node testcase,
              const char* element,
              const std::string& type,
              const std::string& message,
              const std::string& text) {
  auto node = testcase.append_child(element);
  set(node, "message", message);
  set(node, "type", type);
  node.text().set(xml_text(text).c_str());
}

/// Gives test cases names that no other has.
class Names {
 public:
  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !taken_.insert(name).second; ++i) {
      name = wanted + " (" + std::to_string(i) + ")";
    }
    return name;
  }

 private:
  std::set<std::string> taken_;
};

std::string error_type(const Error& error) {
  return error.kind == ErrorKind::interrupted ? "interrupted" : "error";
}

/// The outcome with the first probe that went wrong: what lists of failures show.
std::string message_text(const StepResult& step) {
  const auto all = findings(step);
  return outcome_text(step) + (all.empty() ? "" : "; first: " + first_text(all.front()));
}

/// Why a step proves nothing, or deviates as is known.
std::string skipped_text(const StepResult& step, const std::string& outcome) {
  if (!step.skipped.empty()) {
    return step.skipped;
  }
  std::vector<std::string> reasons = known_texts(step);
  for (const auto& unasked : unasked_texts(step)) {
    reasons.push_back(unasked);
  }
  return outcome + (reasons.empty() ? "" : "; " + join(reasons, "; "));
}

/// Writes how the step ended into its test case, and counts it once.
void add_outcome(pugi::xml_node node, const StepResult& step, bool suite_proves, Tally& tally) {
  const Counts counts = count(step);
  const std::string message = message_text(step);
  const std::string text = findings_text(step, {});
  if (counts.mismatched > 0) {
    complain(node, "failure", "mismatch", message, text);
    ++tally.failures;
  } else if (step.error) {
    complain(node, "error", error_type(*step.error), message, to_string(*step.error) + "\n" + text);
    ++tally.errors;
  } else if (counts.inconclusive > 0) {
    complain(node, "error", "inconclusive", message, text);
    ++tally.errors;
  } else if (!step.skipped.empty() || counts.known > 0 || (counts.matched == 0 && suite_proves)) {
    set(node.append_child("skipped"), "message", skipped_text(step, message));
    ++tally.skipped;
  } else if (counts.matched == 0) {
    complain(node, "error", "inconclusive", message, "Nothing was judged in the whole suite.");
    ++tally.errors;
  }
}

struct TestName {
  std::string class_name;
  std::string name;
};

void add_step(pugi::xml_node suite_node,
              const TestName& name,
              const StepResult& step,
              bool suite_proves,
              Tally& tally) {
  auto node = suite_node.append_child("testcase");
  set(node, "name", name.name);
  set(node, "classname", name.class_name);
  set(node, "time", seconds_text(step.took));
  ++tally.tests;
  add_outcome(node, step, suite_proves, tally);
  const auto outcome = outcome_of(count(step));
  const bool calm = outcome == Outcome::passed || outcome == Outcome::skipped;
  if (!calm && !step.comparisons.empty()) {
    const std::string text =
        join(step.changes, "\n") + "\n" + render_matrix(step, {}) + render_legend({});
    node.append_child("system-out").text().set(xml_text(text).c_str());
  }
}

/// A test case for what went wrong outside of every step.
void add_lonely_error(pugi::xml_node suite_node,
                      const SuiteResult& suite,
                      const std::string& class_name,
                      Tally& tally) {
  const Error error = suite.error.value_or(
      Error{ErrorKind::engine, "the suite has no step that was run: nothing was probed", {}});
  auto node = suite_node.append_child("testcase");
  set(node, "name", "00 deployment");
  set(node, "classname", class_name);
  set(node, "time", seconds_text(Duration::zero()));
  complain(node, "error", error_type(error), to_string(error), to_string(error));
  ++tally.tests;
  ++tally.errors;
}

std::string numbered(std::size_t index, const std::string& name) {
  const std::string number = std::to_string(index);
  return (number.size() < 2 ? "0" : "") + number + " " + name;
}

void add_facts(pugi::xml_node properties, const RunFacts& facts) {
  property(properties, "nettest.version", facts.nettest_version);
  property(properties, "engine", facts.engine);
  for (const auto& [name, version] : facts.versions) {
    property(properties, "version." + name, version);
  }
  property(properties, "run_id", facts.run_id);
  property(properties, "timestamp", utc_text(facts.started));
  property(properties, "hostname", facts.hostname);
  property(properties, "interrupted", facts.interrupted ? "true" : "false");
  property(properties, "faults", join(facts.faults, ", "));
  if (!facts.shard.empty()) {
    property(properties, "shard", facts.shard);
  }
}

void add_figures(pugi::xml_node properties, const SuiteResult& suite) {
  const Counts counts = count(suite);
  property(properties, "file", suite.file);
  property(properties, "probes", std::to_string(counts.probes));
  property(properties, "probes.matched", std::to_string(counts.matched));
  property(properties, "probes.mismatched", std::to_string(counts.mismatched));
  property(properties, "probes.known", std::to_string(counts.known));
  property(properties, "probes.skipped", std::to_string(counts.unasked));
  property(properties, "probes.inconclusive", std::to_string(counts.inconclusive));
  property(properties, "probes.undefined", std::to_string(counts.undefined));
  property(properties, "attempts", std::to_string(counts.attempts));
  const auto latency = enforcement_latency(suite);
  property(properties, "enforcement_latency.count", std::to_string(latency.count));
  if (latency.count > 0) {
    property(properties, "enforcement_latency.p50_seconds", seconds_text(latency.p50));
    property(properties, "enforcement_latency.p95_seconds", seconds_text(latency.p95));
    property(properties, "enforcement_latency.p99_seconds", seconds_text(latency.p99));
  }
  for (const auto& warning : suite.warnings) {
    property(properties, "warning", warning);
  }
}

void set_counts(pugi::xml_node node, const Tally& tally) {
  set(node, "tests", std::to_string(tally.tests));
  set(node, "failures", std::to_string(tally.failures));
  set(node, "errors", std::to_string(tally.errors));
  set(node, "time", seconds_text(tally.took));
}

/// A test case for entries of the list of known deviations that deviate no more.
void add_stale(pugi::xml_node suite_node,
               const std::vector<std::string>& stale,
               const std::string& class_name,
               Tally& tally) {
  auto node = suite_node.append_child("testcase");
  set(node, "name", "00 known deviations");
  set(node, "classname", class_name);
  set(node, "time", seconds_text(Duration::zero()));
  complain(node, "failure", "known", stale.front(), join(stale, "\n"));
  ++tally.tests;
  ++tally.failures;
}

Tally add_suite(pugi::xml_node parent,
                const Report& report,
                const SuiteResult& suite,
                const std::string& name,
                Names& classes) {
  Tally tally;
  tally.took = suite.took;
  auto node = parent.append_child("testsuite");
  set(node, "name", name);
  auto properties = node.append_child("properties");
  add_facts(properties, report.facts);
  add_figures(properties, suite);
  const bool proves = count(suite).matched > 0;
  for (const auto& part : suite.cases) {
    const std::string class_name = classes.unique(name + "." + part.name);
    Names steps;
    for (std::size_t i = 0; i < part.steps.size(); ++i) {
      const TestName step_name{class_name, steps.unique(numbered(i + 1, part.steps[i].name))};
      add_step(node, step_name, part.steps[i], proves, tally);
    }
  }
  if (&suite == &report.suites.front() && !report.stale_known.empty()) {
    add_stale(node, report.stale_known, name, tally);
  }
  if (suite.error || tally.tests == 0) {
    add_lonely_error(node, suite, name, tally);
  }
  set_counts(node, tally);
  set(node, "skipped", std::to_string(tally.skipped));
  return tally;
}

}  // namespace

std::string render_junit(const Report& report) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  const bool one = report.suites.size() == 1;
  auto parent = one ? pugi::xml_node(document) : document.append_child("testsuites");
  Names suites;
  Names classes;
  Tally all;
  for (const auto& suite : report.suites) {
    const auto tally = add_suite(parent, report, suite, suites.unique(suite.name), classes);
    all.tests += tally.tests;
    all.failures += tally.failures;
    all.errors += tally.errors;
  }
  if (!one) {
    all.took = report.facts.took;
    set(parent, "name", "nettest");
    set_counts(parent, all);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace nettest
