#include <utility>

#include "suites/document.hpp"
#include "suites/fields.hpp"
#include "suites/known.hpp"

namespace nettest {

namespace {

constexpr std::string_view kVersion = "nettest/v1";
constexpr std::string_view kKind = "KnownDeviations";
constexpr std::int64_t kLastPort = 65535;

std::optional<Protocol> read_protocol(Fields& fields, Findings& findings) {
  const auto word = fields.text("protocol");
  if (!word) {
    return std::nullopt;
  }
  for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (*word == to_string(protocol)) {
      return protocol;
    }
  }
  findings.error(*fields.get("protocol"), "protocol: \"" + *word + "\" is none of TCP, UDP, SCTP");
  return std::nullopt;
}

KnownCell read_cell(const Node& node, Findings& findings) {
  KnownCell cell;
  Fields fields(node, "cell", findings);
  cell.from = fields.text("from").value_or("*");
  cell.to = fields.text("to").value_or("*");
  if (const auto port = fields.integer("port", 1, kLastPort)) {
    cell.port = static_cast<Port>(*port);
  }
  cell.protocol = read_protocol(fields, findings);
  fields.finish();
  return cell;
}

KnownDeviation read_deviation(const Node& node, Findings& findings) {
  KnownDeviation deviation;
  deviation.where = findings.place(node);
  Fields fields(node, "known deviation", findings);
  deviation.case_glob = fields.required_text("case").value_or("");
  deviation.reason = fields.required_text("reason").value_or("");
  deviation.source = fields.text("source").value_or("");
  deviation.sometimes = fields.flag("sometimes").value_or(false);
  for (const Node* cell : fields.list("cells")) {
    deviation.cells.push_back(read_cell(*cell, findings));
  }
  fields.finish();
  return deviation;
}

void expect_word(Fields& fields,
                 std::string_view key,
                 std::string_view wanted,
                 Findings& findings) {
  const auto word = fields.required_text(key);
  if (word && *word != wanted) {
    findings.error(
        *fields.get(key),
        std::string(key) + ": \"" + *word + "\" must be \"" + std::string(wanted) + "\"");
  }
}

}  // namespace

Checked<KnownList> read_known_text(std::string_view text, const std::string& file_name) {
  const auto documents = parse_documents(text, file_name);
  if (!documents) {
    return tl::unexpected(documents.error());
  }
  Findings findings(file_name);
  KnownList list;
  list.file = file_name;
  if (documents->roots.size() != 1) {
    findings.error(*documents->roots.back(), "a list of known deviations is one document");
    return tl::unexpected(findings.errors());
  }
  Fields fields(*documents->roots.front(), "list of known deviations", findings);
  expect_word(fields, "apiVersion", kVersion, findings);
  expect_word(fields, "kind", kKind, findings);
  if (const Node* metadata = fields.get("metadata")) {
    Fields own(*metadata, "metadata", findings);
    list.name = own.text("name").value_or("");
    own.skip({"description"});
    own.finish();
  }
  if (fields.require("known") != nullptr) {
    for (const Node* item : fields.list("known")) {
      list.deviations.push_back(read_deviation(*item, findings));
    }
  }
  fields.finish();
  if (findings.error_count() > 0) {
    return tl::unexpected(findings.errors());
  }
  return list;
}

Checked<KnownList> read_known(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) {
    return tl::unexpected(Errors{text.error()});
  }
  return read_known_text(*text, file.string());
}

}  // namespace nettest
