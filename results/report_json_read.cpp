#include <stdexcept>

#include "base/text.hpp"
#include "results/case_json.hpp"
#include "results/facts_json.hpp"
#include "results/format.hpp"
#include "results/outputs.hpp"

namespace nettest {

namespace {

constexpr std::string_view kFamily = "nettest.report/v";
constexpr int kMajor = 1;

Report report_from(const Json& value) {
  Report report;
  report.facts = facts_from_json(value.at("run"));
  const auto& cases = value.at("cases");
  std::size_t next = 0;
  for (const auto& item : value.at("suites")) {
    SuiteResult suite;
    suite.name = item.at("suite").get<std::string>();
    suite.file = item.at("file").get<std::string>();
    suite.chosen = item.value("chosen", std::size_t{0});
    suite.took = duration_from_json(item.at("took_ms"));
    suite.warnings = texts_from_json(item.at("warnings"));
    suite.error = error_from_json(item.at("error"));
    const auto number = number_from_json<std::size_t>(item.at("cases"), "cases");
    for (std::size_t i = 0; i < number; ++i) {
      suite.cases.push_back(case_from_json(cases.at(next++)));
    }
    report.suites.push_back(std::move(suite));
  }
  if (const auto known = value.find("known"); known != value.end()) {
    for (const auto& use : *known) {
      report.known_uses.push_back({use.at("entry").get<std::string>(),
                                   use.at("judged").get<std::size_t>(),
                                   use.at("deviating").get<std::size_t>()});
    }
  }
  report.stale_known = value.value("stale_known", std::vector<std::string>());
  if (next != cases.size()) {
    throw std::invalid_argument("there are more cases than the suites have together");
  }
  return report;
}

/// Says what is wrong with the format word; empty when it can be read.
std::string format_trouble(const Json& value) {
  const auto found = value.is_object() ? value.find("format") : value.end();
  if (!value.is_object() || found == value.end() || !found->is_string()) {
    return "this is no nettest report: it has no \"format\"; write one with nettest run --json F";
  }
  const auto& format = found->get_ref<const std::string&>();
  const std::string shown = "\"" + printable(format) + "\"";
  if (format.rfind(kFamily, 0) != 0) {
    return "this is no nettest report: its format is " + shown + ", wanted \"nettest.report/v1\"";
  }
  if (format != std::string(kFamily) + std::to_string(kMajor)) {
    return "this report was written by another nettest: its format is " + shown +
           ", this one reads \"nettest.report/v1\"; use the nettest that wrote it";
  }
  return "";
}

}  // namespace

Result<Report> parse_report_json(std::string_view text) {
  try {
    const Json value = Json::parse(text);
    if (const std::string trouble = format_trouble(value); !trouble.empty()) {
      return fail(ErrorKind::usage, trouble);
    }
    return report_from(value);
  } catch (const nlohmann::json::parse_error& error) {
    const bool truncated = error.byte > text.size();
    return fail(ErrorKind::usage,
                truncated ? "the report ends in the middle (after " + std::to_string(text.size()) +
                                " bytes): it is cut off, or the run is still writing it"
                          : "the report is no JSON at byte " + std::to_string(error.byte) + ": " +
                                printable(error.what(), 200));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage,
                "the report is not as nettest writes it: " + printable(error.what(), 200));
  } catch (const std::invalid_argument& error) {
    return fail(ErrorKind::usage,
                "the report is not as nettest writes it: " + printable(error.what(), 200));
  }
}

}  // namespace nettest
