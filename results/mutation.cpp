#include "results/mutation.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/paint.hpp"

namespace nettest {

namespace {

using Json = nlohmann::ordered_json;

/// Classes in the order of the mutants, each with its score.
std::vector<std::pair<std::string, Score>> by_class(const MutationReport& report) {
  std::vector<std::pair<std::string, Score>> classes;
  for (const Mutant& mutant : report.mutants) {
    auto found = std::find_if(classes.begin(), classes.end(), [&](const auto& one) {
      return one.first == mutant.bug_class;
    });
    if (found == classes.end()) {
      classes.push_back({mutant.bug_class, {}});
      found = classes.end() - 1;
    }
    found->second.add(mutant.fate);
  }
  return classes;
}

Paint paint_of_fate(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return Paint::good;
    case Fate::survived:
      return Paint::bad;
    case Fate::not_exercised:
    case Fate::equivalent:
      return Paint::faint;
    case Fate::unclear:
      break;
  }
  return Paint::unclear;
}

std::string where(const Mutant& mutant) {
  return mutant.fate == Fate::killed
             ? mutant.case_name + " / " + mutant.step_name + ": " + mutant.cell
             : mutant.reason;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string indented(const std::string& text) {
  std::string result;
  for (const std::string& line : split(text.substr(0, text.find_last_not_of('\n') + 1), '\n')) {
    result += line.empty() ? "\n" : "    " + line + "\n";
  }
  return result;
}

std::string examples(const MutationReport& report) {
  std::string text;
  for (const Mutant& mutant : report.mutants) {
    if (!mutant.example.empty()) {
      text += "A suite that kills " + mutant.fault + ":\n\n" + indented(mutant.example) + "\n";
    }
  }
  return text;
}

std::string verdict(const MutationReport& report) {
  const Score score = score_of(report);
  return "Detection score of " + report.suites + ": " + score.text() + " (" +
         std::to_string(score.killed) + " killed, " + std::to_string(score.survived) +
         " survived, " + std::to_string(score.not_exercised) + " not exercised, " +
         std::to_string(score.equivalent) + " equivalent" +
         (score.unclear > 0 ? ", " + std::to_string(score.unclear) + " unclear" : "") + ")";
}

std::string one_cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, "\\");
  }
  return text;
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::killed:
      return "killed";
    case Fate::survived:
      return "survived";
    case Fate::not_exercised:
      return "not exercised";
    case Fate::equivalent:
      return "equivalent";
    case Fate::unclear:
      break;
  }
  return "unclear";
}

void Score::add(Fate fate) {
  switch (fate) {
    case Fate::killed:
      ++killed;
      break;
    case Fate::survived:
      ++survived;
      break;
    case Fate::not_exercised:
      ++not_exercised;
      break;
    case Fate::equivalent:
      ++equivalent;
      break;
    case Fate::unclear:
      ++unclear;
      break;
  }
}

std::string Score::text() const {
  const std::size_t all = killed + survived;
  if (all == 0) {
    return "-";
  }
  return std::to_string(killed) + "/" + std::to_string(all) + " " +
         std::to_string(killed * 100 / all) + " %";
}

Score score_of(const MutationReport& report) {
  Score score;
  for (const Mutant& mutant : report.mutants) {
    score.add(mutant.fate);
  }
  return score;
}

int exit_code(const MutationReport& report) {
  const Score score = score_of(report);
  if (report.interrupted) {
    return 130;
  }
  if (score.survived > 0) {
    return 1;
  }
  return score.unclear > 0 || score.killed == 0 ? 3 : 0;
}

std::string render_mutation(const MutationReport& report, const TextStyle& style) {
  std::size_t width = 0;
  for (const Mutant& mutant : report.mutants) {
    width = std::max(width, mutant.fault.size());
  }
  std::string text;
  for (const Mutant& mutant : report.mutants) {
    const std::string fate = padded(std::string(to_string(mutant.fate)), 13);
    text += padded(mutant.bug_class, 3) + "  " + padded(mutant.fault, width) + "  " +
            painted(fate, paint_of_fate(mutant.fate), style.colour) + "  " + where(mutant) + "\n";
  }
  text += "\n" + examples(report) + "class  killed  survived  not exercised  equivalent  score\n";
  for (const auto& [code, score] : by_class(report)) {
    text += padded(code, 7) + padded(std::to_string(score.killed), 8) +
            padded(std::to_string(score.survived), 10) +
            padded(std::to_string(score.not_exercised), 15) +
            padded(std::to_string(score.equivalent), 12) + score.text() + "\n";
  }
  const Paint paint = exit_code(report) == 0 ? Paint::good : Paint::bad;
  return text + "\n" + (report.interrupted ? "Interrupted: the rest is unclear.\n" : "") +
         painted(verdict(report), paint, style.colour) + "\n" +
         counted(report.mutants.size(), "fault") + " in " + duration_text(report.took) + "\n";
}

std::string render_mutation_json(const MutationReport& report) {
  const auto score_json = [](const Score& score) {
    return Json{{"killed", score.killed},
                {"survived", score.survived},
                {"not_exercised", score.not_exercised},
                {"equivalent", score.equivalent},
                {"unclear", score.unclear}};
  };
  Json mutants = Json::array();
  for (const Mutant& mutant : report.mutants) {
    Json one = {{"fault", mutant.fault},
                {"class", mutant.bug_class},
                {"fate", std::string(to_string(mutant.fate))}};
    if (mutant.fate == Fate::killed) {
      one["suite"] = mutant.suite;
      one["case"] = mutant.case_name;
      one["step"] = mutant.step_name;
      one["cell"] = mutant.cell;
    } else {
      one["reason"] = mutant.reason;
    }
    if (!mutant.example.empty()) {
      one["example"] = mutant.example;
    }
    mutants.push_back(std::move(one));
  }
  Json classes = Json::object();
  for (const auto& [code, score] : by_class(report)) {
    classes[code] = score_json(score);
  }
  return Json{{"format", "nettest.mutation/v1"},
              {"suites", report.suites},
              {"nettest_version", report.nettest_version},
              {"interrupted", report.interrupted},
              {"score", score_json(score_of(report))},
              {"classes", std::move(classes)},
              {"mutants", std::move(mutants)}}
             .dump(2) +
         "\n";
}

std::string render_mutation_markdown(const MutationReport& report) {
  std::string text = "### " + verdict(report) +
                     "\n\n| class | killed | survived | not exercised | equivalent | "
                     "score |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& [code, score] : by_class(report)) {
    text += "| " + code + " | " + std::to_string(score.killed) + " | " +
            std::to_string(score.survived) + " | " + std::to_string(score.not_exercised) + " | " +
            std::to_string(score.equivalent) + " | " + score.text() + " |\n";
  }
  text += "\n| class | fault | fate | where, or why not |\n| --- | --- | --- | --- |\n";
  for (const Mutant& mutant : report.mutants) {
    text += "| " + mutant.bug_class + " | `" + mutant.fault + "` | " +
            std::string(to_string(mutant.fate)) + " | " + one_cell(where(mutant)) + " |\n";
  }
  for (const Mutant& mutant : report.mutants) {
    if (!mutant.example.empty()) {
      text +=
          "\nA suite that kills `" + mutant.fault + "`:\n\n```yaml\n" + mutant.example + "```\n";
    }
  }
  return text + "\nnettest " + report.nettest_version + "\n";
}

}  // namespace nettest
