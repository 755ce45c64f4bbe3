#include "results/static_diff.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace nettest {

namespace {

constexpr std::array kChanges = {PairChange::allowed,
                                 PairChange::blocked,
                                 PairChange::widened,
                                 PairChange::narrowed,
                                 PairChange::changed};

/// "ingress: policy a/b (added) lets it through now".
std::string cause_text(const DiffCause& cause) {
  return fmt::format("{}: policy {} ({}) {}",
                     to_string(cause.direction),
                     to_string(cause.policy),
                     to_string(cause.fate),
                     to_string(cause.effect));
}

std::vector<std::string> reasons(const DiffRow& row) {
  std::vector<std::string> texts;
  for (const std::string& name : row.added) {
    texts.push_back(name + " is new");
  }
  for (const std::string& name : row.removed) {
    texts.push_back(name + " is gone");
  }
  for (const DiffCause& cause : row.causes) {
    texts.push_back(cause_text(cause));
  }
  return texts;
}

std::string pairs_text(const DiffSummary& summary) {
  std::vector<std::string> parts;
  for (const PairChange change : kChanges) {
    if (const auto count = summary.count(change); count != 0) {
      parts.push_back(fmt::format("{} {}", count, to_string(change)));
    }
  }
  const std::uint64_t all = summary.all();
  return all == 0
             ? "No connection changes"
             : fmt::format(
                   "{} {}: {}", all, all == 1 ? "pair changes" : "pairs change", join(parts, ", "));
}

std::string what_differs(const DiffSummary& summary) {
  return fmt::format("policies: {} added, {} removed, {} changed; workloads: {} added, {} removed",
                     summary.policies.added,
                     summary.policies.removed,
                     summary.policies.changed,
                     summary.workloads.added,
                     summary.workloads.removed);
}

class TextDiff : public DiffWriter {
 public:
  explicit TextDiff(BufferedText& out) : out_(out) {}

  void begin(const DiffSummary& /*summary*/) override {}
  void row(const DiffRow& row) override {
    out_.add(fmt::format("{:<8}  {} => {} : {} -> {}\n",
                         to_string(row.change),
                         row.source,
                         row.destination,
                         row.before,
                         row.after));
    for (const std::string& reason : reasons(row)) {
      out_.add("            ");
      out_.add(reason);
      out_.add("\n");
    }
  }
  void finish(const DiffSummary& summary) override {
    out_.add(summary.all() == 0 ? "" : "\n");
    out_.add(pairs_text(summary) + "\n" + what_differs(summary) + "\n");
  }

 private:
  BufferedText& out_;
};

class MarkdownDiff : public DiffWriter {
 public:
  explicit MarkdownDiff(BufferedText& out) : out_(out) {}

  void begin(const DiffSummary& summary) override {
    out_.add("### " + pairs_text(summary) + "\n\n");
    if (summary.all() != 0) {
      out_.add("| change | source | destination | before | after | because |\n");
      out_.add("|--------|--------|-------------|--------|-------|---------|\n");
    }
  }
  void row(const DiffRow& row) override {
    std::vector<std::string> because;
    for (const std::string& reason : reasons(row)) {
      because.push_back(markdown_cell(reason));
    }
    out_.add(fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                         to_string(row.change),
                         markdown_cell(row.source),
                         markdown_cell(row.destination),
                         markdown_cell(row.before),
                         markdown_cell(row.after),
                         join(because, "<br>")));
  }
  void finish(const DiffSummary& summary) override {
    out_.add((summary.all() == 0 ? "" : "\n") + what_differs(summary) + "\n");
  }

 private:
  BufferedText& out_;
};

class JsonDiff : public DiffWriter {
 public:
  explicit JsonDiff(BufferedText& out) : out_(out) {}

  void begin(const DiffSummary& /*summary*/) override {
    out_.add("{\"format\": \"nettest.diff/v1\",\n\"changes\": [");
  }
  void row(const DiffRow& row) override {
    std::vector<std::string> because;
    for (const DiffCause& cause : row.causes) {
      because.push_back(
          fmt::format(R"({{"direction": "{}", "policy": {}, "fate": "{}", "effect": "{}"}})",
                      to_string(cause.direction),
                      json_quoted(to_string(cause.policy)),
                      to_string(cause.fate),
                      to_string(cause.effect)));
    }
    out_.add(first_ ? "\n" : ",\n");
    first_ = false;
    out_.add(fmt::format(R"(  {{"change": "{}", "src": {}, "dst": {}, "before": {}, "after": {}, )"
                         R"("because": [{}], "added": [{}], "removed": [{}]}})",
                         to_string(row.change),
                         json_quoted(row.source),
                         json_quoted(row.destination),
                         json_quoted(row.before),
                         json_quoted(row.after),
                         join(because, ", "),
                         quoted(row.added),
                         quoted(row.removed)));
  }
  void finish(const DiffSummary& summary) override {
    out_.add(first_ ? "],\n\"summary\": {" : "\n],\n\"summary\": {");
    for (const PairChange change : kChanges) {
      out_.add(fmt::format("\"{}\": {}, ", to_string(change), summary.count(change)));
    }
    out_.add(
        fmt::format("\"policies\": {{\"added\": {}, \"removed\": {}, \"changed\": {}}}, "
                    "\"workloads\": {{\"added\": {}, \"removed\": {}}}}}}}\n",
                    summary.policies.added,
                    summary.policies.removed,
                    summary.policies.changed,
                    summary.workloads.added,
                    summary.workloads.removed));
  }

 private:
  static std::string quoted(const std::vector<std::string>& names) {
    std::vector<std::string> texts;
    for (const std::string& name : names) {
      texts.push_back(json_quoted(name));
    }
    return join(texts, ", ");
  }

  BufferedText& out_;
  bool first_ = true;
};

}  // namespace

std::uint64_t DiffSummary::opened() const {
  return count(PairChange::allowed) + count(PairChange::widened) + count(PairChange::changed);
}

std::uint64_t DiffSummary::closed() const {
  return count(PairChange::blocked) + count(PairChange::narrowed) + count(PairChange::changed);
}

std::uint64_t DiffSummary::all() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : pairs) {
    sum += count;
  }
  return sum;
}

std::optional<DiffFormat> parse_diff_format(std::string_view text) {
  constexpr std::array<std::string_view, 3> kNames = {"txt", "json", "md"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == text) {
      return static_cast<DiffFormat>(i);
    }
  }
  return std::nullopt;
}

std::unique_ptr<DiffWriter> make_diff_writer(DiffFormat format, BufferedText& out) {
  switch (format) {
    case DiffFormat::txt:
      break;
    case DiffFormat::json:
      return std::make_unique<JsonDiff>(out);
    case DiffFormat::md:
      return std::make_unique<MarkdownDiff>(out);
  }
  return std::make_unique<TextDiff>(out);
}

}  // namespace nettest
