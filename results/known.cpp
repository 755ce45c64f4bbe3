#include "results/known.hpp"

#include <algorithm>
#include <variant>

#include "base/text.hpp"

namespace nettest {

namespace {

std::string end_text(const Probe& probe) {
  return std::visit([](const auto& id) { return to_string(id); }, probe.to);
}

bool fits(const KnownCell& cell, const Probe& probe) {
  return glob_matches(cell.from, to_string(probe.from)) && glob_matches(cell.to, end_text(probe)) &&
         (!cell.port || *cell.port == probe.port) &&
         (!cell.protocol || *cell.protocol == probe.protocol);
}

bool fits(const KnownDeviation& deviation, const Probe& probe) {
  return deviation.cells.empty() ||
         std::any_of(deviation.cells.begin(), deviation.cells.end(), [&](const KnownCell& cell) {
           return fits(cell, probe);
         });
}

std::string reason_text(const KnownDeviation& deviation) {
  return deviation.reason + (deviation.source.empty() ? "" : " (" + deviation.source + ")");
}

void note(KnownUse& use, const KnownDeviation& deviation, const StepResult& step) {
  for (const auto& comparison : step.comparisons) {
    if (!fits(deviation, comparison.probe)) {
      continue;
    }
    const bool judged =
        comparison.agreement == Agreement::match || comparison.agreement == Agreement::mismatch;
    use.judged += judged ? 1U : 0U;
    use.deviating += comparison.agreement == Agreement::mismatch ? 1U : 0U;
  }
}

}  // namespace

void mark_known(const std::vector<KnownDeviation>& known, CaseResult& result) {
  std::vector<const KnownDeviation*> own;
  for (const auto& deviation : known) {
    if (glob_matches(deviation.case_glob, result.name)) {
      own.push_back(&deviation);
    }
  }
  for (auto& step : result.steps) {
    for (auto& comparison : step.comparisons) {
      comparison.known.clear();
      if (comparison.agreement != Agreement::mismatch) {
        continue;
      }
      const auto found = std::find_if(own.begin(), own.end(), [&](const auto* deviation) {
        return fits(*deviation, comparison.probe);
      });
      if (found != own.end()) {
        comparison.known = reason_text(**found);
      }
    }
  }
}

std::vector<KnownUse> known_uses(const std::vector<KnownDeviation>& known, const Report& report) {
  std::vector<KnownUse> uses;
  for (const auto& deviation : known) {
    if (deviation.sometimes) {
      continue;
    }
    KnownUse use;
    use.entry = "\"" + deviation.case_glob + "\" (" + to_string(deviation.where) + ": " +
                deviation.reason + ")";
    for (const auto& suite : report.suites) {
      for (const auto& part : suite.cases) {
        if (!glob_matches(deviation.case_glob, part.name)) {
          continue;
        }
        for (const auto& step : part.steps) {
          note(use, deviation, step);
        }
      }
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

void merge_known_uses(std::vector<KnownUse>& whole, const std::vector<KnownUse>& part) {
  for (const auto& use : part) {
    const auto same = std::find_if(
        whole.begin(), whole.end(), [&](const KnownUse& own) { return own.entry == use.entry; });
    if (same == whole.end()) {
      whole.push_back(use);
    } else {
      same->judged += use.judged;
      same->deviating += use.deviating;
    }
  }
}

std::vector<std::string> stale_known(const std::vector<KnownUse>& uses) {
  std::vector<std::string> stale;
  for (const auto& use : uses) {
    if (use.judged > 0 && use.deviating == 0) {
      stale.push_back(use.entry + " deviates no more: remove it from the list");
    }
  }
  return stale;
}

}  // namespace nettest
