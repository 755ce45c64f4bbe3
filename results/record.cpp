#include "results/record.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "results/case_json.hpp"
#include "results/facts_json.hpp"

namespace nettest {

namespace {

constexpr std::string_view kJournal = "nettest.journal/v1";

/// Runs a reader of JSON; what it throws becomes an Error.
template <typename Read>
auto guarded(std::string_view line, const Read& read) -> Result<decltype(read(Json()))> {
  try {
    return read(Json::parse(line));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorKind::usage,
                "the line is not as nettest writes it: " + printable(error.what(), 200));
  } catch (const std::invalid_argument& error) {
    return fail(ErrorKind::usage,
                "the line is not as nettest writes it: " + printable(error.what(), 200));
  }
}

}  // namespace

std::string to_line(const CaseRecord& record) {
  std::string text = case_json_text(record.suite, record.result, TimePoint{});
  // Line ends stand between its parts only: those in strings are written \n.
  text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  return text;
}

std::string to_line(const EndRecord& record) {
  Json versions = Json::object();
  for (const auto& [name, version] : record.versions) {
    versions[name] = version;
  }
  return line_of({{"error", error_json(record.error)},
                  {"warnings", record.warnings},
                  {"versions", versions},
                  {"engine_warnings", record.engine_warnings}});
}

std::string to_line(const HeadRecord& record) {
  return line_of({{"format", kJournal}, {"run", facts_json(record.facts)}});
}

Result<CaseRecord> parse_case_line(std::string_view line) {
  return guarded(line, [](const Json& json) {
    return CaseRecord{json.at("suite").get<std::string>(), case_from_json(json)};
  });
}

Result<EndRecord> parse_end_line(std::string_view line) {
  return guarded(line, [](const Json& json) {
    EndRecord record;
    record.error = error_from_json(json.at("error"));
    record.warnings = texts_from_json(json.at("warnings"));
    for (const auto& [name, version] : json.at("versions").items()) {
      record.versions[name] = version.get<std::string>();
    }
    record.engine_warnings = texts_from_json(json.at("engine_warnings"));
    return record;
  });
}

Result<HeadRecord> parse_head_line(std::string_view line) {
  return guarded(line, [](const Json& json) {
    if (json.value("format", "") != kJournal) {
      throw std::invalid_argument("it does not begin with \"format\": \"" + std::string(kJournal) +
                                  "\"");
    }
    return HeadRecord{facts_from_json(json.at("run"))};
  });
}

}  // namespace nettest
