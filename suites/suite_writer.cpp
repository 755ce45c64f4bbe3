#include "suites/suite_writer.hpp"

#include <map>
#include <utility>

#include "suites/policy_writer.hpp"
#include "suites/world_writer.hpp"
#include "suites/yaml_text.hpp"

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

std::vector<std::string> strings(const std::vector<std::string>& texts) {
  std::vector<std::string> written;
  written.reserve(texts.size());
  for (const auto& text : texts) {
    written.push_back(yaml_string(text));
  }
  return written;
}

/// `{KIND: NAME, set: …, remove: …}`: what leads from one set of labels to another.
std::string write_relabelling(const std::string& kind,
                              const std::string& name,
                              const Labels& before,
                              const Labels& after) {
  YamlMap set;
  bool any = false;
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != value) {
      set.add(key, yaml_string(value));
      any = true;
    }
  }
  std::vector<std::string> removed;
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) {
      removed.push_back(yaml_string(key));
    }
  }
  YamlMap map;
  map.add_text(kind, name);
  if (any || removed.empty()) {
    map.add("set", any ? set.text() : write_labels(after));
  }
  return map.add_list("remove", removed).text();
}

/// The changes of a step by the key that they stand under.
class StepChanges {
 public:
  explicit StepChanges(ClusterState& state) : state_(state) {}

  void add(const Change& change) {
    std::visit([this](const auto& action) { add_action(action); }, change.action);
    static_cast<void>(apply_change(state_, change));
  }

  [[nodiscard]] std::string text() const {
    std::string all;
    for (const auto* key : {"create", "label", "apply", "delete"}) {
      const auto found = entries_.find(key);
      if (found == entries_.end()) {
        continue;
      }
      all += std::string("        ") + key + ":\n";
      for (const auto& entry : found->second) {
        all += "          - " + entry + "\n";
      }
    }
    return all;
  }

 private:
  void put(const std::string& key, std::string entry) { entries_[key].push_back(std::move(entry)); }
  void put(const std::string& key, const std::string& kind, std::string value) {
    put(key, YamlMap().add(kind, std::move(value)).text());
  }

  void add_action(const ApplyPolicy& action) { put("apply", write_policy(action.policy)); }
  void add_action(const DeletePolicy& action) {
    put("delete", "policy", yaml_string(to_string(action.id)));
  }
  void add_action(const SetPodLabels& action) {
    const Pod* pod = find_pod(state_.world, action.id);
    put("label",
        write_relabelling(
            "pod", to_string(action.id), pod == nullptr ? Labels{} : pod->labels, action.labels));
  }
  void add_action(const SetNamespaceLabels& action) {
    const Namespace* found = find_namespace(state_.world, action.name);
    Labels after = action.labels;
    after.emplace(kNameLabel, action.name);
    put("label",
        write_relabelling(
            "namespace", action.name, found == nullptr ? Labels{} : found->labels, after));
  }
  void add_action(const CreatePod& action) { put("create", "pod", write_pod(action.pod)); }
  void add_action(const CreateNamespace& action) {
    put("create", "namespace", write_namespace(action.value));
  }
  void add_action(const CreateService& action) {
    put("create", "service", write_service(action.service));
  }
  void add_action(const DeletePod& action) {
    put("delete", "pod", yaml_string(to_string(action.id)));
  }
  void add_action(const DeleteNamespace& action) {
    put("delete", "namespace", yaml_string(action.name));
  }
  void add_action(const DeleteService& action) {
    put("delete", "service", yaml_string(to_string(action.id)));
  }

  ClusterState& state_;
  std::map<std::string, std::vector<std::string>> entries_;
};

std::vector<std::string> write_families(const std::vector<IpFamily>& families) {
  std::vector<std::string> words;
  for (const auto family : families) {
    words.emplace_back(to_string(family));
  }
  return words == std::vector<std::string>{"IPv4"} ? std::vector<std::string>{} : words;
}

std::string write_matrix(const MatrixSpec& spec) {
  std::vector<std::string> ports;
  for (const auto port : spec.ports) {
    ports.push_back(std::to_string(port));
  }
  std::vector<std::string> protocols;
  for (const auto protocol : spec.protocols) {
    protocols.emplace_back(to_string(protocol));
  }
  std::vector<std::string> by;
  for (const auto way : spec.by) {
    by.emplace_back(to_string(way));
  }
  if (by == std::vector<std::string>{"pod-ip"}) {
    by.clear();
  }
  YamlMap map;
  map.add_list("ports", ports)
      .add_list("protocols", protocols)
      .add_list("by", by)
      .add_list("families", write_families(spec.families));
  return YamlMap().add("matrix", map.text()).text();
}

std::string write_pair(const PairSpec& spec) {
  YamlMap map;
  map.add("from", yaml_string(spec.from)).add("to", yaml_string(spec.to));
  if (spec.client != Client::agent) {
    map.add_text("client", to_string(spec.client));
  }
  if (spec.by) {
    map.add_text("by", to_string(*spec.by));
  }
  return map.add_list("families", write_families(spec.families)).text();
}

std::string write_probes(const std::vector<ProbeSpec>& probes, const std::string& indent) {
  std::string all = indent + "probes:\n";
  for (const auto& probe : probes) {
    const auto* matrix = std::get_if<MatrixSpec>(&probe.what);
    all +=
        indent + "  - " +
        (matrix != nullptr ? write_matrix(*matrix) : write_pair(std::get<PairSpec>(probe.what))) +
        "\n";
  }
  return all;
}

std::string write_step(const Step& step, ClusterState& state) {
  std::string all = "      - name: " + yaml_string(step.name) + "\n";
  if (!step.description.empty()) {
    all += "        description: " + yaml_string(step.description) + "\n";
  }
  StepChanges changes(state);
  for (const auto& change : step.changes) {
    changes.add(change);
  }
  all += changes.text();
  if (step.probes) {
    all += write_probes(*step.probes, "        ");
  }
  if (!step.expect.empty()) {
    all += "        expect:\n";
  }
  for (const auto& one : step.expect) {
    all += "          - {" + std::string(one.allow ? "allow" : "deny") + ": " +
           yaml_string(one.written) + "}\n";
  }
  return all;
}

std::string write_case(const Case& value, const World& world) {
  std::string all = "  - name: " + yaml_string(value.name) + "\n";
  if (!value.description.empty()) {
    all += "    description: " + yaml_string(value.description) + "\n";
  }
  std::vector<std::string> needs;
  for (const auto need : value.needs) {
    needs.emplace_back(to_string(need));
  }
  const std::vector<std::pair<std::string, std::vector<std::string>>> lists = {
      {"tags", strings(value.tags)}, {"needs", needs}, {"detects", strings(value.detects)}};
  for (const auto& [key, items] : lists) {
    if (!items.empty()) {
      all += "    " + key + ": " + yaml_list(items) + "\n";
    }
  }
  all += "    steps:\n";
  ClusterState state{world, {}};
  for (const auto& step : value.steps) {
    all += write_step(step, state);
  }
  return all;
}

}  // namespace

std::string write_suite(const Suite& suite) {
  YamlMap metadata;
  metadata.add_text("name", suite.name).add_text("description", suite.description);
  std::string all = "apiVersion: nettest/v1\nkind: Suite\nmetadata: " + metadata.text() + "\n";
  all += write_world(suite.world);
  all += write_probes(suite.probes, "");
  all += "cases:\n";
  const World whole = with_cluster_dns(suite.world);
  for (const auto& value : suite.cases) {
    all += write_case(value, whole);
  }
  return all;
}

}  // namespace nettest
