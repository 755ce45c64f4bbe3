#include "suites/manifest.hpp"

#include <utility>

#include "base/text.hpp"
#include "suites/names.hpp"

namespace nettest {

namespace {

NameFault fault_of_name(std::string_view name, NameRule rule) {
  switch (rule) {
    case NameRule::dns_label:
      return fault_of_dns_label(name);
    case NameRule::dns_subdomain:
      return fault_of_dns_subdomain(name);
    case NameRule::service_name:
      return fault_of_service_name(name);
  }
  return std::nullopt;
}

/// apiVersion and kind that an enclosing typed list gives to its items.
struct Given {
  std::string api_version;
  std::string kind;
};

std::string text_of(const Node& object, std::string_view key, const std::string& given) {
  const Node* value = object.find(key);
  return value != nullptr && value->is_scalar() ? std::string(value->text) : given;
}

bool has_identity(const Node& object, const Manifest& manifest, Findings& findings) {
  for (const auto& [key, text] :
       {std::pair("apiVersion", &manifest.api_version), std::pair("kind", &manifest.kind)}) {
    if (text->empty()) {
      findings.error(object,
                     std::string("manifest: \"") + key + "\" is missing; want for example " +
                         (key == std::string_view("kind") ? "kind: NetworkPolicy"
                                                          : "apiVersion: networking.k8s.io/v1"));
      return false;
    }
  }
  return true;
}

void unfold(const Node& node, const Given& given, std::vector<Manifest>& out, Findings& findings) {
  if (node.is_null()) {
    return;
  }
  if (!node.is_map()) {
    findings.error(node, "want a Kubernetes object, found " + describe(node));
    return;
  }
  Manifest manifest{
      text_of(node, "apiVersion", given.api_version), text_of(node, "kind", given.kind), &node};
  if (!has_identity(node, manifest, findings)) {
    return;
  }
  const Node* items = node.find("items");
  if (items == nullptr || !manifest.kind.ends_with("List")) {
    out.push_back(std::move(manifest));
    return;
  }
  Fields list(node, manifest.kind, findings);
  list.skip({"apiVersion", "kind", "metadata"});
  Given inner;
  if (manifest.kind != "List") {
    inner = {manifest.api_version, manifest.kind.substr(0, manifest.kind.size() - 4)};
  }
  for (const Node* item : list.list("items")) {
    unfold(*item, inner, out, findings);
  }
  list.finish();
}

bool is_label_key(const Node& key, std::string_view what, Findings& findings) {
  const ScalarType type = type_of(key);
  if (type == ScalarType::boolean || type == ScalarType::real) {
    findings.error(key,
                   std::string(what) + ": the key " + std::string(key.text) +
                       " is no text; quote it: \"" + std::string(key.text) + "\"");
    return false;
  }
  if (const auto fault = fault_of_label_key(key.text)) {
    findings.error(
        key, std::string(what) + ": \"" + printable(key.text) + "\" is no label key: it " + *fault);
    return false;
  }
  return true;
}

std::optional<std::string> read_label_value(const Node& node,
                                            std::string_view what,
                                            Findings& findings) {
  if (node.is_null()) {
    findings.error(node,
                   std::string(what) + ": the label has no value; write \"\" for an empty one");
    return std::nullopt;
  }
  auto value = read_text(node, what, findings);
  if (!value) {
    return std::nullopt;
  }
  if (const auto fault = fault_of_label_value(*value)) {
    findings.error(
        node,
        std::string(what) + ": \"" + printable(*value) + "\" is no label value: it " + *fault);
    return std::nullopt;
  }
  return value;
}

std::optional<SelectorOperator> read_operator(const Node& node, Findings& findings) {
  const auto text = read_text(node, "operator", findings);
  if (!text) {
    return std::nullopt;
  }
  for (const auto op : {SelectorOperator::in,
                        SelectorOperator::not_in,
                        SelectorOperator::exists,
                        SelectorOperator::does_not_exist}) {
    if (*text == to_string(op)) {
      return op;
    }
  }
  findings.error(node,
                 "operator: want In, NotIn, Exists or DoesNotExist, found \"" + printable(*text) +
                     "\"" + spelling_hint(*text, {"In", "NotIn", "Exists", "DoesNotExist"}));
  return std::nullopt;
}

/// In and NotIn need values, Exists and DoesNotExist must not have any.
void check_value_count(const SelectorRequirement& requirement,
                       const Node& node,
                       Findings& findings) {
  const bool wants_values =
      requirement.op == SelectorOperator::in || requirement.op == SelectorOperator::not_in;
  if (wants_values && requirement.values.empty()) {
    findings.error(
        node, "values: must not be empty with operator " + std::string(to_string(requirement.op)));
  } else if (!wants_values && !requirement.values.empty()) {
    findings.error(
        node, "values: must be left out with operator " + std::string(to_string(requirement.op)));
  }
}

std::optional<SelectorRequirement> read_requirement(const Node& node, Findings& findings) {
  Fields fields(node, "matchExpressions", findings);
  const auto errors_before = findings.error_count();
  SelectorRequirement requirement;
  if (const Node* key = fields.require("key")) {
    requirement.key = key->text;
    if (key->is_scalar() && is_label_key(*key, "key", findings)) {
      requirement.key = key->text;
    } else if (!key->is_scalar()) {
      read_text(*key, "key", findings);
    }
  }
  for (const Node* item : fields.list("values")) {
    if (auto value = read_label_value(*item, "values", findings)) {
      requirement.values.push_back(std::move(*value));
    }
  }
  if (const Node* written = fields.require("operator")) {
    if (const auto op = read_operator(*written, findings)) {
      requirement.op = *op;
      if (findings.error_count() == errors_before) {
        const Node* values = node.find("values");
        check_value_count(requirement, values == nullptr ? node : *values, findings);
      }
    }
  }
  fields.finish();
  return findings.error_count() == errors_before ? std::optional(requirement) : std::nullopt;
}

}  // namespace

std::vector<Manifest> manifests_of(const Documents& documents, Findings& findings) {
  std::vector<Manifest> manifests;
  for (const Node* root : documents.roots) {
    unfold(*root, {}, manifests, findings);
  }
  return manifests;
}

std::vector<Manifest> manifests_of(const Node& root, Findings& findings) {
  std::vector<Manifest> manifests;
  unfold(root, {}, manifests, findings);
  return manifests;
}

ObjectMeta read_metadata(Fields& object, NameRule rule, Findings& findings) {
  ObjectMeta meta;
  meta.place = &object.node();
  const Node* written = object.require("metadata");
  if (written == nullptr) {
    return meta;
  }
  Fields fields(*written, "metadata", findings);
  if (const Node* name = fields.require("name")) {
    meta.place = name;
    meta.name = read_name(*name, rule, "name", findings).value_or("");
  }
  if (const Node* name = fields.get("namespace")) {
    meta.namespace_name = read_name(*name, NameRule::dns_label, "namespace", findings);
  }
  if (const Node* labels = fields.get("labels")) {
    meta.labels = read_labels(*labels, "labels", findings);
  }
  meta.owner_references = fields.get("ownerReferences");
  fields.skip({"annotations",
               "generateName",
               "creationTimestamp",
               "deletionTimestamp",
               "deletionGracePeriodSeconds",
               "finalizers",
               "generation",
               "managedFields",
               "resourceVersion",
               "selfLink",
               "uid"});
  fields.finish();
  return meta;
}

std::optional<std::string> read_name(const Node& node,
                                     NameRule rule,
                                     std::string_view what,
                                     Findings& findings) {
  auto name = read_text(node, what, findings);
  if (!name) {
    return std::nullopt;
  }
  if (const auto fault = fault_of_name(*name, rule)) {
    findings.error(node, std::string(what) + ": \"" + printable(*name) + "\" " + *fault);
    return std::nullopt;
  }
  return name;
}

Labels read_labels(const Node& node, std::string_view what, Findings& findings) {
  Labels labels;
  if (!node.is_map() && !node.is_null()) {
    findings.error(node,
                   std::string(what) + ": want a map such as {app: web}, found " + describe(node));
  }
  for (const auto& [key, value] : node.entries) {
    const bool key_is_good = is_label_key(*key, what, findings);
    auto text = read_label_value(*value, what, findings);
    if (key_is_good && text) {
      labels.emplace(key->text, std::move(*text));
    }
  }
  return labels;
}

LabelSelector read_selector(const Node& node, std::string_view what, Findings& findings) {
  LabelSelector selector;
  selector.where = findings.place(node);
  Fields fields(node, what, findings);
  if (const Node* labels = fields.get("matchLabels")) {
    selector.match_labels = read_labels(*labels, "matchLabels", findings);
  }
  for (const Node* item : fields.list("matchExpressions")) {
    if (auto requirement = read_requirement(*item, findings)) {
      selector.match_expressions.push_back(std::move(*requirement));
    }
  }
  fields.finish();
  return selector;
}

std::optional<Protocol> read_protocol(const Node& node, Findings& findings) {
  const auto text = read_text(node, "protocol", findings);
  if (!text) {
    return std::nullopt;
  }
  for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (*text == to_string(protocol)) {
      return protocol;
    }
  }
  std::string upper = *text;
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  findings.error(node,
                 "protocol: want TCP, UDP or SCTP, found \"" + printable(*text) + "\"" +
                     spelling_hint(upper, {"TCP", "UDP", "SCTP"}));
  return std::nullopt;
}

}  // namespace nettest
