#include "results/static_query.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nettest {

namespace {

using Json = nlohmann::ordered_json;

std::string place(const Location& where) {
  return where.line == 0 ? "" : " (" + to_string(where) + ")";
}

std::string rule_text(const RuleRef& rule) {
  return fmt::format(
      "{} rule {} of {}", to_string(rule.direction), rule.rule + 1, to_string(rule.policy));
}

void add_rule(const RuleWalk& rule, std::string& text) {
  text += fmt::format("    rule {}{}: {}\n",
                      rule.rule.rule + 1,
                      place(rule.rule.where),
                      rule.admits ? "lets it through" : "does not let it through");
  for (const Miss& miss : rule.misses) {
    text += "      " + miss.why + place(miss.where) + "\n";
  }
}

void add_end(const EndWalk& end, std::string& text) {
  text += fmt::format("{} of {}: ", to_string(end.direction), end.name);
  if (!end.applies) {
    text += "outside, no policy speaks of it\n";
    return;
  }
  if (end.isolating.empty()) {
    text += "open, no policy isolates it\n";
    return;
  }
  text += end.allowed ? "allowed by " + rule_text(*end.admitted_by) + "\n"
                      : std::string("isolated, and no rule lets it through\n");
  for (const PolicyWalk& policy : end.isolating) {
    text +=
        fmt::format("  policy {}{} selects it\n", to_string(policy.policy), place(policy.where));
    if (policy.rules.empty()) {
      text += fmt::format("    it has no {} rule\n", to_string(end.direction));
    }
    for (const RuleWalk& rule : policy.rules) {
      add_rule(rule, text);
    }
  }
  if (end.nearest) {
    text +=
        fmt::format("  nearest miss: {} ({})\n", end.nearest->why, rule_text(*end.nearest_rule));
  }
}

Json place_json(const Location& where) {
  return where.line == 0 ? Json(nullptr) : Json(to_string(where));
}

Json rule_json(const RuleRef& rule) {
  return {{"policy", to_string(rule.policy)},
          {"direction", to_string(rule.direction)},
          {"rule", rule.rule + 1},
          {"where", place_json(rule.where)}};
}

Json end_json(const EndWalk& end) {
  Json json = {{"endpoint", end.name}, {"allowed", end.allowed}, {"policies", Json::array()}};
  for (const PolicyWalk& policy : end.isolating) {
    Json rules = Json::array();
    for (const RuleWalk& rule : policy.rules) {
      Json misses = Json::array();
      for (const Miss& miss : rule.misses) {
        misses.push_back({{"why", miss.why}, {"where", place_json(miss.where)}});
      }
      rules.push_back({{"rule", rule.rule.rule + 1}, {"admits", rule.admits}, {"misses", misses}});
    }
    json["policies"].push_back({{"policy", to_string(policy.policy)},
                                {"where", place_json(policy.where)},
                                {"rules", rules}});
  }
  json["admitted_by"] = end.admitted_by ? rule_json(*end.admitted_by) : Json(nullptr);
  json["nearest_miss"] = Json(nullptr);
  if (end.nearest) {
    json["nearest_miss"] = {{"why", end.nearest->why}, {"rule", rule_json(*end.nearest_rule)}};
  }
  return json;
}

}  // namespace

std::string render_walk_txt(const Walk& walk, const WalkQuestion& question) {
  const std::string_view may = walk.verdict == Verdict::allowed   ? "may reach"
                               : walk.verdict == Verdict::blocked ? "may not reach"
                                                                  : "may or may not reach";
  std::string text = fmt::format("{} - {} {} {} on {} {}\n",
                                 to_string(walk.verdict),
                                 question.from.name,
                                 may,
                                 question.to.name,
                                 to_string(question.protocol),
                                 question.port);
  if (!walk.note.empty()) {
    text += walk.note + "\n";
  }
  const bool itself = question.from.pod != nullptr && question.from.pod == question.to.pod;
  if (!itself) {
    text += "\n";
    add_end(walk.egress, text);
    add_end(walk.ingress, text);
  }
  return text;
}

std::string render_walk_json(const Walk& walk, const WalkQuestion& question) {
  const Json json = {{"format", "nettest.query/v1"},
                     {"verdict", to_string(walk.verdict)},
                     {"from", question.from.name},
                     {"to", question.to.name},
                     {"protocol", to_string(question.protocol)},
                     {"port", question.port},
                     {"note", walk.note},
                     {"egress", end_json(walk.egress)},
                     {"ingress", end_json(walk.ingress)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nettest
