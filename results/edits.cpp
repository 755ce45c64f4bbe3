#include "results/edits.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/paint.hpp"

namespace nettest {

namespace {

using Json = nlohmann::ordered_json;

std::size_t count_of(const EditReport& report, Notice notice) {
  return static_cast<std::size_t>(
      std::count_if(report.edits.begin(), report.edits.end(), [&](const Edited& edit) {
        return edit.notice == notice;
      }));
}

Paint paint_of_notice(Notice notice) {
  return notice == Notice::noticed         ? Paint::good
         : notice == Notice::no_difference ? Paint::faint
                                           : Paint::bad;
}

std::string verdict(const EditReport& report) {
  const std::size_t noticed = count_of(report, Notice::noticed);
  const std::size_t missed =
      count_of(report, Notice::unnoticed) + count_of(report, Notice::unasked);
  return std::to_string(noticed) + " of " + counted(noticed + missed, "edit") +
         " would be noticed by an expectation (" +
         std::to_string(count_of(report, Notice::no_difference)) +
         " more make no difference in this world)";
}

std::string nobody_expects(const EditReport& report) {
  return report.without_expectations.empty()
             ? ""
             : "Nobody wrote an expectation (`expect`) in " +
                   join(report.without_expectations, ", ") +
                   ": the suite has no intentions that an edit could contradict.\n";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

}  // namespace

std::string_view to_string(Notice notice) {
  switch (notice) {
    case Notice::noticed:
      return "noticed";
    case Notice::unnoticed:
      return "UNNOTICED";
    case Notice::unasked:
      return "NOT ASKED";
    case Notice::no_difference:
      break;
  }
  return "no difference";
}

int exit_code(const EditReport& report) {
  if (report.edits.empty()) {
    return 3;
  }
  return count_of(report, Notice::unnoticed) + count_of(report, Notice::unasked) > 0 ? 1 : 0;
}

std::string render_edits(const EditReport& report, const TextStyle& style) {
  std::string text;
  for (const Edited& edit : report.edits) {
    text += to_string(edit.where) + ": " +
            painted(padded(std::string(to_string(edit.notice)), 13),
                    paint_of_notice(edit.notice),
                    style.colour) +
            "  " + edit.policy + ": " + edit.what +
            (edit.example.empty() ? "" : "\n    " + edit.example) + "\n";
  }
  const Paint paint = exit_code(report) == 0 ? Paint::good : Paint::bad;
  return text + (text.empty() ? "" : "\n") + nobody_expects(report) +
         painted(report.edits.empty() ? "There is no policy to edit" : verdict(report),
                 paint,
                 style.colour) +
         "\n";
}

std::string render_edits_json(const EditReport& report) {
  Json edits = Json::array();
  for (const Edited& edit : report.edits) {
    std::string notice(to_string(edit.notice));
    std::transform(notice.begin(), notice.end(), notice.begin(), [](unsigned char c) {
      return static_cast<char>(std::tolower(c));
    });
    edits.push_back({{"file", edit.where.file},
                     {"line", edit.where.line},
                     {"policy", edit.policy},
                     {"edit", edit.what},
                     {"fate", notice},
                     {"example", edit.example}});
  }
  return Json{{"format", "nettest.policy-mutation/v1"},
              {"without_expectations", report.without_expectations},
              {"edits", std::move(edits)}}
             .dump(2) +
         "\n";
}

std::string render_edits_markdown(const EditReport& report) {
  std::string text =
      "### " + verdict(report) + "\n\n" + nobody_expects(report) +
      "\n| place | policy | edit | fate | example |\n| --- | --- | --- | --- | --- |\n";
  for (const Edited& edit : report.edits) {
    std::string example = edit.example;
    for (std::size_t at = example.find('|'); at != std::string::npos;
         at = example.find('|', at + 2)) {
      example.insert(at, "\\");
    }
    text += "| `" + to_string(edit.where) + "` | " + edit.policy + " | " + edit.what + " | " +
            std::string(to_string(edit.notice)) + " | " + example + " |\n";
  }
  return text;
}

}  // namespace nettest
