#include "results/fault_list.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/paint.hpp"

namespace nettest {

namespace {

using Json = nlohmann::ordered_json;

std::size_t count_faults(const std::vector<ListedClass>& classes) {
  std::size_t number = 0;
  for (const ListedClass& one : classes) {
    number += one.faults.size();
  }
  return number;
}

std::size_t longest_name(const std::vector<ListedClass>& classes) {
  std::size_t longest = 0;
  for (const ListedClass& one : classes) {
    for (const ListedFault& fault : one.faults) {
      longest = std::max(longest, fault.name.size());
    }
  }
  return longest;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

/// "cilium/cilium#4513" for an issue of GitHub, else the address without its scheme.
std::string short_reference(const std::string& url) {
  constexpr std::string_view kGitHub = "https://github.com/";
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kGitHub)) {
    return url.substr(url.starts_with(kScheme) ? kScheme.size() : 0);
  }
  std::string text = url.substr(kGitHub.size());
  for (const auto& [from, to] : {std::pair<std::string, std::string>("/issues/", "#"),
                                 std::pair<std::string, std::string>("/commit/", "@")}) {
    if (const auto at = text.find(from); at != std::string::npos) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, "\\");
  }
  return text;
}

const char* const kHead =
    "# Faults\n\n"
    "<!-- Written by `nettest faults -o md`. -->\n\n"
    "A conformance suite is worth what it catches. The local engine can be told to enforce "
    "policies "
    "wrongly, in ways that\nreal CNI plugins have shipped; a suite that passes all the same would "
    "not have caught them.\n\n"
    "```\n"
    "nettest faults --class P1\n"
    "nettest run suites/frontend-backend.yaml --fault ignore-policy-types\n"
    "nettest mutate suites/frontend-backend.yaml\n"
    "```\n\n"
    "No fault is ever active unless asked for, and a run with faults says so in the title of every "
    "report. Faults are\ndecorators beside the engine's policy compiler; with none chosen, none of "
    "their code runs. *Dynamic* faults show on\na transition only: a label that changes, a policy "
    "that goes, a pod that comes. The references are bug reports of the\nplugins in which this, or "
    "something close to it, was seen; most of them have long been fixed.\n\n"
    "`nettest mutate` works out on paper where each fault would show in the suite, tries it there "
    "on "
    "real packets, in\nseveral worlds side by side (`--jobs`), and tells one of four things. The "
    "score "
    "is killed of killed and survived.\n\n"
    "| fate | what it means |\n| --- | --- |\n"
    "| killed | a probe of the suite was answered wrongly, twice, and rightly as soon as the fault "
    "was "
    "gone |\n"
    "| survived | the fault changes what pods can reach in a step of the suite, and no probe of "
    "the "
    "suite tells; the smallest suite that does is printed, to be pasted |\n"
    "| not exercised | no step of the suite has anything that the fault could get wrong; a case of "
    "the "
    "catalogue that has is named |\n"
    "| equivalent | nothing in any world of ours could show it |\n";

const char* const kEquivalent =
    "\n## Equivalent\n\nNothing in any world of ours can show these: to a suite they are no "
    "faults. "
    "`nettest mutate` leaves them out of the score.\nEvery other fault is killed by a case of "
    "`builtin:conformance`.\n\n| fault | why |\n| --- | --- |\n";

std::string links_of(const ListedFault& fault) {
  std::vector<std::string> links;
  for (const std::string& url : fault.references) {
    links.push_back("[" + short_reference(url) + "](" + url + ")");
  }
  return join(links, ", ");
}

}  // namespace

std::string render_faults(const std::vector<ListedClass>& classes, const TextStyle& style) {
  const std::size_t width = longest_name(classes);
  std::string text;
  for (const ListedClass& one : classes) {
    text += painted(one.code + "  " + one.meaning, Paint::heading, style.colour) + "\n";
    if (!one.left_out.empty()) {
      text += "  no faults: " + one.left_out + "\n";
    }
    for (const ListedFault& fault : one.faults) {
      text += "  " + padded(fault.name, width) + "  " + padded(fault.flip, 15) + "  " +
              (fault.dynamic ? "dynamic  " : "static   ") + fault.about + "\n";
    }
    text += "\n";
  }
  return text + counted(count_faults(classes), "fault") + "\n";
}

std::string render_faults_json(const std::vector<ListedClass>& classes) {
  Json all = Json::array();
  for (const ListedClass& one : classes) {
    for (const ListedFault& fault : one.faults) {
      all.push_back({{"name", fault.name},
                     {"class", one.code},
                     {"about", fault.about},
                     {"flip", fault.flip},
                     {"kind", fault.dynamic ? "dynamic" : "static"},
                     {"references", fault.references}});
      if (!fault.equivalent.empty()) {
        all.back()["equivalent"] = fault.equivalent;
      }
    }
  }
  return all.dump(2) + "\n";
}

std::string render_faults_markdown(const std::vector<ListedClass>& classes) {
  std::string text = kHead;
  text += "\n" + counted(count_faults(classes), "fault") + ".\n";
  std::string left_out;
  std::string equivalent;
  for (const ListedClass& one : classes) {
    if (!one.left_out.empty()) {
      left_out += "| " + one.code + " | " + cell(one.meaning) + " | " + cell(one.left_out) + " |\n";
      continue;
    }
    text += "\n## " + one.code + ": " + one.meaning +
            "\n\n| fault | what it does | errs | seen in |" + "\n| --- | --- | --- | --- |\n";
    for (const ListedFault& fault : one.faults) {
      text += "| `" + fault.name + "` | " + cell(fault.about) + " | " + fault.flip +
              (fault.dynamic ? ", dynamic" : "") + " | " + links_of(fault) + " |\n";
      if (!fault.equivalent.empty()) {
        equivalent += "| `" + fault.name + "` | " + cell(fault.equivalent) + " |\n";
      }
    }
  }
  if (!equivalent.empty()) {
    text += std::string(kEquivalent) + equivalent;
  }
  if (!left_out.empty()) {
    text +=
        "\n## Left out\n\nClasses of bugs without a fault:\n\n| class | what it is | why |\n"
        "| --- | --- | --- |\n" +
        left_out;
  }
  return text;
}

}  // namespace nettest
