#include "suites/suite_reader.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "suites/bug_class.hpp"
#include "suites/change_reader.hpp"
#include "suites/question_reader.hpp"
#include "suites/world_reader.hpp"

namespace nettest {

namespace {

constexpr std::string_view kApiVersion = "nettest/v1";
constexpr std::string_view kKind = "Suite";

std::vector<std::string> need_words() {
  std::vector<std::string> words;
  for (const Need need : kNeeds) {
    words.emplace_back(to_string(need));
  }
  return words;
}

std::optional<Need> need_of(std::string_view word) {
  const auto* const found = std::find_if(
      kNeeds.begin(), kNeeds.end(), [&](Need need) { return to_string(need) == word; });
  return found == kNeeds.end() ? std::nullopt : std::optional(*found);
}

/// Reads the parts of one suite, in order, and collects what is wrong.
class SuiteReader {
 public:
  SuiteReader(const std::string& file, const std::filesystem::path& base)
      : findings_(file), files_(base, findings_) {
    suite_.file = file;
  }

  Checked<Suite> read(const Documents& documents) {
    if (const Node* root = only_root(documents)) {
      read_root(*root);
    }
    if (findings_.error_count() > 0) {
      return tl::unexpected(findings_.errors());
    }
    suite_.warnings = findings_.warnings();
    return std::move(suite_);
  }

 private:
  const Node* only_root(const Documents& documents) {
    const Node* root = nullptr;
    for (const Node* document : documents.roots) {
      if (document->is_null()) {
        continue;
      }
      if (root != nullptr) {
        findings_.error(*document, "a second document; a file holds one suite");
        return nullptr;
      }
      root = document;
    }
    if (root == nullptr) {
      findings_.add({ErrorKind::suite, "the file is empty", Location{findings_.file(), 0, 0}});
      return nullptr;
    }
    return is_suite(*root) ? root : nullptr;
  }

  /// A file that is something else gets one error, not one for each of its keys.
  bool is_suite(const Node& root) {
    const std::string wanted = "want a suite (apiVersion: nettest/v1, kind: Suite), found ";
    if (!root.is_map()) {
      findings_.error(root, wanted + describe(root));
      return false;
    }
    const Node* kind = root.find("kind");
    if (kind != nullptr && kind->is_scalar() && kind->text != kKind) {
      findings_.error(*kind,
                      wanted + "kind: " + printable(kind->text) +
                          spelling_hint(kind->text, {std::string(kKind)}));
      return false;
    }
    return true;
  }

  void read_root(const Node& root) {
    Fields fields(root, "suite", findings_);
    check_word(fields, "apiVersion", kApiVersion);
    check_word(fields, "kind", kKind);
    read_metadata(fields);
    if (const Node* world = fields.require("world")) {
      suite_.world = read_world(*world, findings_);
    }
    const World whole = with_cluster_dns(suite_.world);
    const WorldIndex index(whole);
    KnownNames names(index);
    const Node* probes = fields.get("probes");
    const Node* cases = fields.require("cases");
    if (cases != nullptr) {
      read_cases(*cases, index, names);
    }
    names.begin_case();
    for (const auto& one : suite_.cases) {
      add_created(names, one);
    }
    suite_.probes = {ProbeSpec{MatrixSpec{}, findings_.place(root)}};
    if (probes != nullptr) {
      suite_.probes = read_probes(*probes, names, findings_);
    }
    fields.finish();
  }

  static void add_created(KnownNames& names, const Case& one) {
    for (const auto& step : one.steps) {
      names.add_created(step.changes);
    }
  }

  void check_word(Fields& fields, std::string_view key, std::string_view wanted) {
    const auto found = fields.required_text(key);
    if (found && *found != wanted) {
      findings_.error(*fields.node().find(key),
                      std::string(key) + ": want " + std::string(wanted) + ", found \"" +
                          printable(*found) + "\"");
    }
  }

  void read_metadata(Fields& suite) {
    const Node* metadata = suite.require("metadata");
    if (metadata == nullptr) {
      return;
    }
    Fields fields(*metadata, "metadata", findings_);
    suite_.name = required_name(fields);
    suite_.description = fields.text("description").value_or("");
    fields.finish();
  }

  std::string required_name(Fields& fields) {
    const auto name = fields.required_text("name");
    if (name && name->empty()) {
      findings_.error(*fields.node().find("name"), "name: must not be empty");
    }
    return name.value_or("");
  }

  /// Says that `name` is there twice, for cases and steps.
  void check_unique(std::map<std::string, int>& seen,
                    const std::string& name,
                    const Node& node,
                    std::string_view what) {
    const Node* written = node.find("name");
    if (name.empty() || written == nullptr) {
      return;
    }
    const auto [first, added] = seen.try_emplace(name, written->line);
    if (!added) {
      findings_.error(*written,
                      std::string(what) + ": the name \"" + printable(name) +
                          "\" is there twice, first in line " + std::to_string(first->second));
    }
  }

  void read_cases(const Node& node, const WorldIndex& index, KnownNames& names) {
    const auto items = read_list(node, "cases", findings_);
    if (items.empty() && node.is_sequence()) {
      findings_.error(node, "cases: the list is empty, so nothing would be tested");
    }
    std::map<std::string, int> seen;
    for (const Node* item : items) {
      suite_.cases.push_back(read_case(*item, index, names));
      check_unique(seen, suite_.cases.back().name, *item, "case");
    }
  }

  Case read_case(const Node& node, const WorldIndex& index, KnownNames& names) {
    Case made;
    made.where = findings_.place(node);
    Fields fields(node, "case", findings_);
    made.name = required_name(fields);
    made.description = fields.text("description").value_or("");
    made.tags = fields.texts("tags");
    for (const auto& word : read_words(fields, "needs", need_words())) {
      made.needs.push_back(*need_of(word));
    }
    made.detects = read_words(fields, "detects", bug_class_codes());
    if (const Node* steps = fields.require("steps")) {
      read_steps(*steps, made, index, names);
    }
    fields.finish();
    return made;
  }

  /// The texts of a list of which each must be one of `known`, and none be there twice.
  std::vector<std::string> read_words(Fields& fields,
                                      std::string_view key,
                                      const std::vector<std::string>& known) {
    std::vector<std::string> words;
    for (const Node* item : fields.list(key)) {
      const auto word = read_text(*item, key, findings_);
      if (!word) {
        continue;
      }
      const std::string quoted = std::string(key) + ": \"" + printable(*word) + "\" ";
      if (std::find(known.begin(), known.end(), *word) == known.end()) {
        const std::string hint = spelling_hint(*word, known);
        findings_.error(
            *item,
            quoted + "is not known" + (hint.empty() ? "; known are " + join(known, ", ") : hint));
      } else if (std::find(words.begin(), words.end(), *word) != words.end()) {
        findings_.error(*item, quoted + "is there twice");
      } else {
        words.push_back(*word);
      }
    }
    return words;
  }

  void read_steps(const Node& node, Case& made, const WorldIndex& index, KnownNames& names) {
    const auto items = read_list(node, "steps", findings_);
    if (items.empty() && node.is_sequence()) {
      findings_.error(node, "steps: the list is empty, so nothing would be tested");
    }
    ChangeReader changes(index, files_, findings_);
    std::vector<Fields> fields;
    fields.reserve(items.size());
    std::map<std::string, int> seen;
    for (const Node* item : items) {
      auto& step = fields.emplace_back(*item, "step", findings_);
      made.steps.push_back(read_step(step, changes));
      check_unique(seen, made.steps.back().name, *item, "step");
    }
    // Questions may name what a later step creates, so they are read last.
    names.begin_case();
    add_created(names, made);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      read_questions(fields[i], made.steps[i], names);
      fields[i].finish();
    }
  }

  Step read_step(Fields& fields, ChangeReader& changes) {
    Step made;
    made.where = findings_.place(fields.node());
    made.name = required_name(fields);
    made.description = fields.text("description").value_or("");
    made.changes = changes.read(fields);
    return made;
  }

  void read_questions(Fields& fields, Step& step, KnownNames& names) {
    if (const Node* probes = fields.get("probes")) {
      step.probes = read_probes(*probes, names, findings_);
    }
    step.expect = read_expectations(fields, names, findings_);
  }

  Findings findings_;
  PolicyFiles files_;
  Suite suite_;
};

}  // namespace

Checked<Suite> read_suite(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) {
    return tl::unexpected(Errors{text.error()});
  }
  return read_suite_text(*text, file.string(), file.parent_path());
}

Checked<Suite> read_suite_text(std::string_view text,
                               const std::string& file_name,
                               const std::filesystem::path& base) {
  const auto documents = parse_documents(text, file_name);
  if (!documents) {
    return tl::unexpected(documents.error());
  }
  return SuiteReader(file_name, base).read(*documents);
}

}  // namespace nettest
