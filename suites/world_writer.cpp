#include "suites/world_writer.hpp"

#include <utility>
#include <vector>

#include "suites/yaml_text.hpp"

namespace nettest {

namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

std::string write_port(const ContainerPort& port) {
  YamlMap map;
  map.add_text("name", port.name)
      .add("port", std::to_string(port.port))
      .add_text("protocol", to_string(port.protocol));
  if (port.serve == Serve::http) {
    map.add("serve", "http");
  }
  return map.text();
}

std::string write_port(const ServicePort& port) {
  YamlMap map;
  map.add_text("name", port.name)
      .add("port", std::to_string(port.port))
      .add_text("protocol", to_string(port.protocol));
  if (const auto* number = std::get_if<Port>(&port.target_port)) {
    map.add("targetPort", std::to_string(*number));
  } else if (const auto* name = std::get_if<std::string>(&port.target_port)) {
    map.add_text("targetPort", *name);
  }
  return map.text();
}

template <typename AnyPort>
std::vector<std::string> write_ports(const std::vector<AnyPort>& ports) {
  std::vector<std::string> written;
  for (const auto& port : ports) {
    written.push_back(write_port(port));
  }
  return written;
}

template <typename Object, typename Write>
std::string section(const std::string& key, const std::vector<Object>& objects, Write write) {
  std::string entries;
  for (const auto& object : objects) {
    if (!object.system) {
      entries += "    - " + write(object) + "\n";
    }
  }
  return entries.empty() ? "" : "  " + key + ":\n" + entries;
}

}  // namespace

std::string write_labels(const Labels& labels) {
  YamlMap map;
  for (const auto& [key, value] : labels) {
    map.add(key, yaml_string(value));
  }
  return map.text();
}

std::string write_namespace(const Namespace& value) {
  Labels own = value.labels;
  own.erase(kNameLabel);
  YamlMap map;
  map.add_text("name", value.name);
  if (!own.empty()) {
    map.add("labels", write_labels(own));
  }
  return map.text();
}

std::string write_pod(const Pod& pod) {
  YamlMap map;
  map.add_text("name", pod.id.name).add_text("namespace", pod.id.namespace_name);
  if (!pod.labels.empty()) {
    map.add("labels", write_labels(pod.labels));
  }
  map.add_list("ports", write_ports(pod.ports));
  std::vector<std::string> ips;
  for (const auto& ip : pod.ips) {
    ips.push_back(yaml_string(to_string(ip)));
  }
  map.add_list("ips", ips).add_text("node", pod.node);
  if (pod.host_network) {
    map.add("hostNetwork", "true");
  }
  std::vector<std::string> command;
  for (const auto& word : pod.command) {
    command.push_back(yaml_string(word));
  }
  return map.add_text("image", pod.image).add_list("command", command).text();
}

std::string write_service(const Service& service) {
  YamlMap map;
  map.add_text("name", service.id.name).add_text("namespace", service.id.namespace_name);
  if (!service.selector.match_labels.empty()) {
    map.add("selector", write_labels(service.selector.match_labels));
  }
  map.add_list("ports", write_ports(service.ports));
  if (service.headless) {
    map.add("headless", "true");
  }
  std::vector<std::string> families;
  for (const auto family : service.families) {
    families.emplace_back(to_string(family));
  }
  return map.add_list("families", families).text();
}

std::string write_world(const World& world) {
  return "world:\n" + section("namespaces", world.namespaces, write_namespace) +
         section("pods", world.pods, write_pod) +
         section("services", world.services, write_service);
}

}  // namespace nettest
