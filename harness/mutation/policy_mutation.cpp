#include "harness/mutation/policy_mutation.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "harness/mutation/all_probes.hpp"
#include "harness/mutation/policy_edits.hpp"
#include "harness/plan.hpp"
#include "probes/simulator/simulator.hpp"
#include "suites/local_addresses.hpp"

namespace nettest {

namespace {

using Plan = std::vector<PlannedStep>;

/// The case alone, with one change of one step replaced or taken out, and without expectations.
Suite edited_case(const Suite& suite,
                  const Case& value,
                  std::size_t step,
                  std::size_t change,
                  const PolicyEdit& edit) {
  Suite alone = suite;
  alone.cases = {value};
  auto& changes = alone.cases[0].steps[step].changes;
  if (edit.policy) {
    changes[change].action = ApplyPolicy{*edit.policy};
    return alone;
  }
  const PolicyId id = std::get<ApplyPolicy>(changes[change].action).policy.id;
  changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(change));
  // What was never made can't be deleted later, unless it is made again in between.
  for (std::size_t i = step; i < alone.cases[0].steps.size(); ++i) {
    auto& later = alone.cases[0].steps[i].changes;
    for (std::size_t j = 0; j < later.size(); ++j) {
      const auto* made = std::get_if<ApplyPolicy>(&later[j].action);
      const auto* gone = std::get_if<DeletePolicy>(&later[j].action);
      if (made != nullptr && made->policy.id == id) {
        return alone;
      }
      if (gone != nullptr && gone->id == id) {
        later.erase(later.begin() + static_cast<std::ptrdiff_t>(j));
        return alone;
      }
    }
  }
  return alone;
}

/// What each step predicts. The steps of the plan are not there any more when it is.
Plan plan_of(Suite alone) {
  for (Step& step : alone.cases[0].steps) {
    step.expect.clear();
  }
  auto plan = plan_suite(alone);
  Plan steps = plan && !plan->empty() ? std::move(plan->front()) : Plan();
  for (PlannedStep& step : steps) {
    step.step = nullptr;
  }
  return steps;
}

std::string change_text(const Probe& probe, Verdict before, Verdict after) {
  return to_string(probe) + " is " + std::string(to_string(before)) + ", and would be " +
         std::string(to_string(after));
}

/// The first probe of the suite whose verdict differs.
std::string asked_difference(const Case& value, const Plan& right, const Plan& edited) {
  for (std::size_t i = 0; i < right.size() && i < edited.size(); ++i) {
    const auto& a = right[i].probes;
    const auto& b = edited[i].probes;
    for (std::size_t j = 0; j < a.size() && j < b.size(); ++j) {
      if (a[j].prediction.verdict != b[j].prediction.verdict) {
        return "step \"" + value.steps[i].name +
               "\": " + change_text(a[j].probe, a[j].prediction.verdict, b[j].prediction.verdict);
      }
    }
  }
  return "";
}

/// The same for every probe that the world makes possible.
std::string any_difference(const Case& value, const Plan& right, const Plan& edited) {
  for (std::size_t i = 0; i < right.size() && i < edited.size(); ++i) {
    const AddressBook addresses = assign_local_addresses(right[i].state.world);
    const Simulator before(right[i].state, addresses);
    const Simulator after(edited[i].state, addresses);
    for (const Probe& probe : all_probes(right[i].state.world)) {
      const Verdict was = before.verdict(probe);
      const Verdict is = after.verdict(probe);
      if (was != is) {
        return "step \"" + value.steps[i].name + "\": " + change_text(probe, was, is);
      }
    }
  }
  return "";
}

/// Judges one edit at one place of a case.
void judge_edit(const Suite& alone, const Case& value, const Plan& right, Edited& edited) {
  if (const auto checked = check_suite(alone); !checked) {
    edited.notice = Notice::noticed;
    edited.example.clear();
    return;
  }
  const Plan plan = plan_of(alone);
  if (const std::string asked = asked_difference(value, right, plan); !asked.empty()) {
    edited.notice = Notice::unnoticed;
    edited.example = asked;
    return;
  }
  if (const std::string any = any_difference(value, right, plan); !any.empty()) {
    edited.notice = Notice::unasked;
    edited.example = any;
    return;
  }
  edited.notice = Notice::no_difference;
}

/// How bad an outcome is at one place, compared with another place: noticed once is noticed.
int worth(Notice notice) {
  switch (notice) {
    case Notice::noticed:
      return 3;
    case Notice::unnoticed:
      return 2;
    case Notice::unasked:
      return 1;
    case Notice::no_difference:
      break;
  }
  return 0;
}

using Key = std::tuple<std::string, int, int, std::string>;

class Editing {
 public:
  Editing(const Suite& suite, EditReport& report) : suite_(suite), report_(report) {}

  void edit(const Case& value) {
    Suite original = suite_;
    original.cases = {value};
    const Plan right = plan_of(original);
    for (std::size_t i = 0; i < value.steps.size(); ++i) {
      for (std::size_t j = 0; j < value.steps[i].changes.size(); ++j) {
        const auto* made = std::get_if<ApplyPolicy>(&value.steps[i].changes[j].action);
        if (made == nullptr) {
          continue;
        }
        for (const PolicyEdit& one : edits_of(made->policy)) {
          Edited result{one.where, to_string(made->policy.id), one.what, Notice::no_difference, ""};
          judge_edit(edited_case(suite_, value, i, j, one), value, right, result);
          add(std::move(result));
        }
      }
    }
  }

 private:
  void add(Edited edited) {
    const Key key{edited.where.file, edited.where.line, edited.where.column, edited.what};
    const auto [found, is_new] = known_.try_emplace(key, report_.edits.size());
    if (is_new) {
      report_.edits.push_back(std::move(edited));
    } else if (worth(edited.notice) > worth(report_.edits[found->second].notice)) {
      report_.edits[found->second] = std::move(edited);
    }
  }

  const Suite& suite_;
  EditReport& report_;
  std::map<Key, std::size_t> known_;
};

}  // namespace

void add_edits_of(const Suite& suite, EditReport& report) {
  const bool expects = std::any_of(suite.cases.begin(), suite.cases.end(), [](const Case& value) {
    return std::any_of(value.steps.begin(), value.steps.end(), [](const Step& step) {
      return !step.expect.empty();
    });
  });
  if (!expects) {
    report.without_expectations.push_back(suite.name);
  }
  Editing editing(suite, report);
  for (const Case& value : suite.cases) {
    editing.edit(value);
  }
}

}  // namespace nettest
